/** Sentences with a direction, marked, with quotes, or with a question word. A hash of the line says which half draws it. */
import { toLines } from './words.ts';

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
