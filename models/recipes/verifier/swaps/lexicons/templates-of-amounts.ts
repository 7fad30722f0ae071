/** Sentences with a number, a unit or a date. A hash of the line says which half draws it. */
import { toLines } from './words.ts';

export const NUMBER_TEMPLATES = toLines(`
  Where is order {id}?
  What is the status of ticket {id}?
  Track my parcel number {id}
  Cancel invoice {id} please
  How do I fix error code {id}?
  What does error {n} mean on my washing machine?
  What is {n} plus {n2}?
  What is {n} times {n2}?
  How much is {n} divided by {n2}?
  What is the square root of {n}?
  What is {n} percent of {big}?
  Is {n} a prime number?
  How many calories are in {n} grams of {food}?
  Give me {n} tips for job interviews
  List {n} facts about {animal}s
  Write a {n} word essay about {country}
  Suggest {n} books like {title}
  How do I lose {n} kg in {n2} weeks?
  Is a salary of {big} good in {city}?
  What phone can I buy under {amount}?
  Which laptop is best for less than {amount}?
  Transfer {amount} to {first}
  Set a timer for {n} minutes
  Book a table for {n} people at {time}
  My flight is {id}, when does it leave?
  What is section {n} of the constitution of {country}?
  What happens in chapter {n} of {title}?
  Can a {n} year old get a credit card?
  Is {n} hours of sleep enough?
  How far can I run in {n} minutes?
  Is a GPA of 3.{n} good enough for {university}?
  How many people were in {country} in {year}?
  What is the temperature in {city} at {n} metres?
  Pay {amount} for bill {id}
  I need a loan of {big} dollars
  What is the tax on {big} rupees a year?
  Round {n} to the nearest ten
  Convert {n} to binary
  What year was it {n} years ago?
  Explain step {n} of the recipe
  Which bus goes to platform {n}?
  What is room {n} used for?
  Who won Super Bowl {n}?
  What is on page {n} of {title}?`);

export const UNIT_TEMPLATES = toLines(`
  How long does it take to run {n} {length}?
  How tall is a tree of {n} {length}?
  Is {n} {length} too far to walk?
  I walked {n} {length} today, how many calories is that?
  What can I do with {n} {mass} of {food}?
  How many calories are in {n} {mass} of {food}?
  Is {n} {mass} of {food} too much?
  I weigh {n} {mass}, is that healthy?
  Can I carry {n} {mass} on the plane?
  How many {volume} of water should I drink?
  Add {n} {volume} of milk to the dough
  How much does {n} {volume} of petrol cost in {country}?
  What is {n} {currency} worth today?
  Can I withdraw {n} {currency} in {city}?
  I was charged {n} {currency} twice
  How much is {big} {money} in gold?
  What can you buy with {n} {money} in {country}?
  Send {n} {currency} to {first}
  Is {big} {money} a good salary?
  My {animal} weighs {n} {mass}, what should I feed it?
  How deep is {n} {length} under water?
  Is {n} {length} an hour fast?
  How many {mass} are there in a bag of {food}?
  How many {length} is it to {city}?
  The room is {n} {length} wide, what carpet do I need?
  How long do I cook {n} {mass} of {food}?
  How much {food} is in {n} {volume}?
  Give me the height of Everest in {length}
  Tell me the distance to the moon in {length}
  What is the weight of an {animal} in {mass}?
  What is my balance in {currency}?
  What is the price of Bitcoin in {currency}?
  Show the fee in {money}
  Change the account currency to {currency}`);

export const DATE_TEMPLATES = toLines(`
  What happened on {month} {day}?
  What happened in {country} in {month} {year}?
  Is the bank open on {weekday}?
  Remind me on {weekday} at {time}
  What will the weather be like in {city} on {weekday}?
  What will the weather be like in {city} tomorrow?
  What is the weather in {city} today?
  What did I spend last week?
  What did I spend last month on {food}?
  Who was president of {country} in {year}?
  What were the best films of {year}?
  Who won the world cup in {year}?
  Book a flight to {city} on {day} {month}
  Book a flight to {city} for next week
  Is there a holiday in {country} in {month}?
  What is the temperature in {city} in {month}?
  Set an alarm for {time}
  Wake me up at {time} on {weekday}
  Cancel my meeting on {weekday} morning
  Move my {weekday} appointment to the afternoon
  When does the train at {time} arrive in {city}?
  What is on television this evening?
  How did {country} change after {year}?
  What was the population of {city} in {year}?
  Is it safe to visit {city} in winter?
  What should I wear in {city} in {month}?
  What events are there in {city} this week?
  Are the shops open at Christmas in {country}?
  What did {person} say yesterday?
  What was the inflation in {country} last year?
  Do I have to work on {weekday}?
  Who turned {n} in {month}?
  What is the deadline in {month} {year}?
  My payment from {day} {month} has not arrived`);
