/** Sentences with a place for an edit, one a line. A hash of the line says which half draws it. */

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

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

export const DIRECTION_TEMPLATES = toLines(`
  Convert {n} ‹{currency}› to ‹{currency2}›
  How much is {n} ‹{currency}› in ‹{currency2}›?
  What is the exchange rate from ‹{currency}› to ‹{currency2}›?
  Exchange my ‹{money}› for ‹{money2}›
  How do I change ‹{money}› into ‹{money2}›?
  What is {n} ‹{length}› in ‹{length2}›?
  How do I convert ‹{length}› to ‹{length2}›?
  How do I convert ‹{mass}› into ‹{mass2}›?
  How many ‹{mass}› are in a ‹{mass2}›?
  How many ‹{volume}› make ‹{volume2}›?
  Translate this from ‹{language}› to ‹{language2}›
  Translate good morning from ‹{language}› into ‹{language2}›
  How good is the translation of ‹{language}› to ‹{language2}›?
  I need a translator from ‹{language}› to ‹{language2}›
  Flights from ‹{city}› to ‹{city2}›
  Book a train from ‹{city}› to ‹{city2}› on {weekday}
  How long is the flight from ‹{city}› to ‹{city2}›?
  What does a parcel from ‹{country}› to ‹{country2}› cost?
  How do I move from ‹{country}› to ‹{country2}›?
  What does ‹{country}› export to ‹{country2}›?
  Why did ‹{country}› attack ‹{country2}›?
  When did ‹{country}› beat ‹{country2}›?
  When did ‹{country}› invade ‹{country2}›?
  What does ‹{country}› owe ‹{country2}›?
  Is ‹{city}› bigger than ‹{city2}›?
  Is ‹{city}› more expensive than ‹{city2}›?
  Why is ‹{code}› faster than ‹{code2}›?
  Why is ‹{food}› healthier than ‹{food2}›?
  Is ‹{product}› better than ‹{product2}›?
  Why do people prefer ‹{product}› over ‹{product2}›?
  Why do developers leave ‹{code}› for ‹{code2}›?
  How do I port code from ‹{code}› to ‹{code2}›?
  How do I call ‹{code}› from ‹{code2}›?
  How do I move my photos from ‹{product}› to ‹{product2}›?
  Did ‹{product}› buy ‹{product2}›?
  Did ‹{person}› defeat ‹{person2}›?
  What did ‹{person}› say about ‹{person2}›?
  What did ‹{person}› write to ‹{person2}›?
  Who introduced ‹{person}› to ‹{person2}›?
  Why does ‹{first}› owe money to ‹{first2}›?
  Is ‹{first}› ‹{first2}›'s parent?
  ‹{first}› is the boss of ‹{first2}›, who gives the orders?
  ‹{first}› is older than ‹{first2}›, who is younger?
  ‹{first}› gave ‹{first2}› {n} {food}, who has more?
  Send {n} {currency} from ‹{first}› to ‹{first2}›
  Can a ‹{animal}› eat a ‹{animal2}›?
  What should I learn before ‹{code}›, is it ‹{code2}›?
  Should I eat ‹{food}› before ‹{food2}›?
  Do I add the ‹{food}› before the ‹{food2}›?
  Does ‹{disease}› cause ‹{disease2}›?
  Replace ‹{food}› with ‹{food2}› in the recipe
  Subtract ‹{n}› from ‹{n2}›
  What is ‹{n}› divided by ‹{n2}›?
  What is ‹{n}› to the power of ‹{n2}›?
  Which is it: does ‹{planet}› move around ‹{planet2}›?
  Map ‹{product}› data to ‹{product2}›
  Forward mail from ‹{product}› to ‹{product2}›`);

export const QUOTED_TEMPLATES = toLines(`
  What does "{phrase}" mean?
  How do you say "{phrase}" in {language}?
  Translate "{phrase}" to {language}
  Who said "{phrase}"?
  Who wrote "{title}"?
  What is "{title}" about?
  Summarise "{title}" in {n} sentences
  What is the meaning of “{title}”?
  Where does the phrase “{phrase}” come from?
  Why do I get the error "{phrase}" in {code}?
  How do I fix "{phrase}" on {product}?
  What does \`{snippet}\` do?
  When should I use \`{snippet}\`?
  Explain \`{snippet}\` to a beginner
  Why does \`{snippet}\` fail in {code}?
  Is \`{snippet}\` safe to run?
  Print "{phrase}" in {code}
  Count the letters in "{phrase}"
  Write a poem that begins with "{phrase}"
  Is "{phrase}" an idiom?
  Use "{phrase}" in a sentence
  Play "{title}" by {person}
  When was "{title}" released?
  Rewrite "{phrase}" politely
  What is the plural form in "{phrase}"?
  What rhymes with "{phrase}"?`);

export const QUESTION_WORD_TEMPLATES = toLines(`
  How do people {act} in {country}?
  Why do people {act} in {country}?
  When should I {act}?
  Where can I {act} in {city}?
  How can I {act}?
  Why should I {act}?
  What is {code}?
  Who is {person}?
  When was {title} written?
  Where was {title} filmed?
  Why is {title} famous?
  When did {person} die?
  Where did {person} grow up?
  How did {person} become famous?
  Why did {person} leave {city}?
  How old is {person}?
  How tall is {person}?
  How heavy is a {animal}?
  How fast is a {animal}?
  How far is {city}?
  How big is {city}?
  How long is a {animal}?
  How much is {food} in {city}?
  How often do {animal}s sleep?
  Why do {animal}s sleep?
  Where do {animal}s live?
  Explain how to {act}
  Tell me when to {act}
  I don't know where to {act}
  Who invented {code}?
  Who discovered {planet}?
  When was {product} founded?
  Why was {product} founded?
  Where was {product} founded?
  How is {food} made?
  Why is {food} popular in {country}?
  When is {food} harvested in {country}?
  Where is {language} spoken?
  Why is {language} spoken in {country}?`);
