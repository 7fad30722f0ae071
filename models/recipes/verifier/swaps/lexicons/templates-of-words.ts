/** Sentences with a place for a negation, an opposite or a name. A hash of the line says which half draws it. */
import { toLines } from './words.ts';

export const NEGATION_TEMPLATES = toLines(`
  Which {food} recipes can I make with sugar?
  Show me recipes with {food}
  Show me recipes without {food}
  Which countries are not in the European Union?
  Which countries are in the same region as {country}?
  What should I eat before surgery?
  What should I not say in an interview?
  Why does my {product} app crash?
  Why don't my messages send on {product}?
  Why is {country} a member of the union?
  Why isn't {city} the capital of {country}?
  What happens if I pay my rent?
  What happens if you take {medicine} with food?
  Which animals can swim?
  Which animals cannot see colours?
  How to train a {animal}
  How not to be nervous when I {act}
  People who have {disease} need what?
  What foods are safe for a {animal}?
  Is it legal to own a {animal} in {country}?
  Is it possible to {act} from {country}?
  Is {medicine} effective against {disease}?
  Is {product} reliable?
  Is it usual to tip in {city}?
  Is the {product} API stable?
  Are verified accounts on {product} available to all?
  List the employed people in {country}
  Can I {act} with a passport?
  Can I {act} without an account?
  I want to {act}
  I don't want to {act}
  I have an account with {product}
  Who did {person} marry?
  Which of these planets has rings?
  Select all users who have paid
  Find files that are used
  Give me a list of countries that have {language} as a language
  What can I eat if I have {disease}?
  Should students who like {code} take this course?
  I never received my card
  I always get the wrong bill
  The price is including tax, right?
  Include everyone except {first}`);

export const ANTONYM_TEMPLATES = toLines(`
  How do I increase the price of my product?
  How do I decrease the volume in {product}?
  What is the cheapest hotel in {city}?
  What is the most expensive street in {city}?
  How do I enable notifications on {product}?
  How do I disable comments on {product}?
  How do I install {product}?
  How do I uninstall {product} on my phone?
  Where can I buy {food} in {city}?
  Where can I sell {food} in {city}?
  What does {country} import?
  What does {country} export to {country2}?
  What is the largest city in {country}?
  What is the smallest island of {country}?
  How do I encrypt a file in {code}?
  How do I decode a string in {code}?
  Sort a list in ascending order in {code}
  Find the maximum of an array in {code}
  What is the first book of {person}?
  Who was the first president of {country}?
  Who was the last king of {country}?
  What are the advantages of {product}?
  What are the disadvantages of living in {city}?
  What are the benefits of {food}?
  What is the highest mountain in {country}?
  What is the lowest temperature ever in {city}?
  How do I upload a file to {product}?
  How do I download my data from {product}?
  How do I block someone on {product}?
  How do I follow a page on {product}?
  What should I do before surgery?
  What should I eat after a run?
  Is {city} hot in {month}?
  Is {food} healthy?
  How can I gain weight?
  How can I lose money fast?
  When does the museum in {city} open?
  When does the shop close on {weekday}?
  What is the average height of men in {country}?
  What do women earn in {country}?
  Why did prices rise and demand grow in {country}?
  How do I lock my {product} account?
  How do I create a table in SQL?
  What is the longest river in {country}?
  Which is the fastest {animal}?
  How do I send money to {country}?
  How do I activate my card?
  How do I subscribe to {product}?
  How do I start a service on Linux?
  How do I push a branch?
  How do I merge two files in {code}?
  What is the minimum wage in {country}?
  Is my credit high enough?
  Turn on the lights
  Why is the weather in {city} so dry?
  How do I compress a folder?
  How do I add a user to {product}?
  How do I zoom in with {product}?
  What is the wholesale price of {food}?`);

export const NAME_TEMPLATES = toLines(`
  What is the capital of {country}?
  How do I get a visa for {country}?
  What is the best restaurant in {city}?
  How is the weather in {city}?
  How do I reverse a string in {code}?
  How do I read a file in {code}?
  What is a closure in {code}?
  How do I sort a dictionary in {code}?
  How do I say thank you in {language}?
  How do I say good morning in {language}?
  Who is the CEO of {product}?
  How do I delete my {product} account?
  How do I change my password on {product}?
  What is {person} known for?
  When was {person} born?
  What is the net worth of {person}?
  How tall is {person}?
  Is {university} good for computer science?
  How do I get into {university}?
  How far is {planet}?
  What is the temperature on {planet}?
  What are the symptoms of {disease}?
  Is there a cure for {disease}?
  What are the side effects of {medicine}?
  Can I take {medicine} during pregnancy?
  How many calories are in {food}?
  How do I cook {food}?
  How long does a {animal} live?
  What does a {animal} eat?
  What is the population of {city}?
  What is the currency of {country}?
  Who is the president of {country}?
  How many people speak {language}?
  Is {language} hard to learn?
  Where was {person} educated?
  What do people in {city} think of {person}?
  How do I install {code} on Windows?
  Which companies compete with {product}?
  Call {first}
  Send a message to {first}
  What is the time in {city}?
  What are the tourist attractions in {city}?
  How do I move to {country}?
  How do I parse JSON in {code}?
  What is the minimum wage in {country}?
  Does {product} work in {country}?
  Which films did {person} make?
  How do I connect {product} to my computer?
  Do {animal}s make good pets?
  Is it safe to travel to {country}?`);
