/** Ways to say the same: openers, single words, whole questions. Any member of an entry may stand for any other. */
import { toGroups, toList } from './words.ts';

/** What a sentence begins with; what follows them fits all of an entry. */
export const OPENERS: readonly (readonly string[])[] = toGroups(`
  How do I/How can I/How to/What is the best way to/What's the way to/How would I go about it to/What do I have to do to/Could you explain how to/What steps do I take to/Is there a way to/How should one,
  How do you/How can you/How does one/How would one/In what way do you,
  What is/What's/What exactly is/Can you tell me what is/Could you tell me: what is/Please explain what is,
  What are/What're/Can you tell me what are/What exactly are/Please tell me what are/Could you list,
  What are the best/Which are the best/What are some of the best/Can you recommend the best/Which would you say are the best,
  What is the best/Which is the best/What's the best/Which one is the best/What would be the best,
  Where can I/Where do I/Where could I/In which place can I/At what place do I,
  Why is/Why's/How come/For what reason is/What is the reason that,
  Why do/For what reason do/How come/What makes it that,
  Who is/Who's/Can you tell me who is/Who exactly is/Please tell me who is,
  Should I/Do you think I should/Would you advise me to/Is it a good idea to/Ought I to,
  Can I/Am I able to/Is it possible for me to/Could I/Would I be able to,
  I want to/I'd like to/I would like to/I wish to/My plan is to,
  I need to/I have to/I must/I've got to,
  Show me/Let me see/Display/Please show me,
  Tell me/Let me know/Please tell me/Could you tell me/I want to know,
  Give me/Please give me/Could you give me/Provide me with/I'd like,
  Is there any/Is there a/Does there exist any/Do we have any,
  How much is/What is the price of/What does it cost to get/How expensive is,
  Does anyone know/Does anybody know/Do you know/Can someone say,
  Write a/Please write a/Compose a/Could you write a/I need you to write a,
  Explain/Please explain/Can you explain/Could you explain/Help me understand`);

/** Words for words, whatever stands around them. */
export const SYNONYMS: readonly (readonly string[])[] = toGroups(`
  buy/purchase, purchases/buys, quick/fast, quickly/fast, begin/start, started/begun, big/large, biggest/largest, movie/film, movies/films,
  car/automobile, phone/telephone, mobile phone/cell phone, laptop/notebook computer, photo/picture, photos/pictures, job/position,
  doctor/physician, lawyer/attorney, holiday/vacation, trip/journey, flat/apartment, shop/store, kids/children, kid/child, help/assist,
  repair/fix, obtain/get, choose/pick, choose/select, show/display, finish/complete, answer/reply, error/mistake, tired/exhausted,
  simple/easy, easiest/simplest, hard/difficult, difficult/tough, smart/intelligent, famous/well-known, important/significant, main/chief,
  often/frequently, nearly/almost, maybe/perhaps, also/too, someone/somebody, anyone/anybody, everyone/everybody, no one/nobody,
  many/lots of, many/a lot of, a lot of/plenty of, under/below, over/above, per/each, per/a, weird/strange, scary/frightening, funny/amusing,
  wrong/incorrect, right/correct, rich/wealthy, poor/needy, sick/ill, illness/disease, medicine/drug, pain/ache, stomach/belly, earth/the earth,
  India/india, USA/the United States, US/United States, UK/United Kingdom, NYC/New York City, AI/artificial intelligence, ML/machine learning,
  PC/computer, app/application, apps/applications, website/site, internet/web, email/e-mail, password/pass word, sign in/log in, account/profile,
  delete/erase, delete/get rid of, remove/take away, create/make, build/construct, improve/make better, learn/study, teach/instruct, speak/talk,
  understand/comprehend, explain/describe, explain/make clear, tell/inform, ask/inquire, cancel/call off, postpone/put off, discover/find out,
  exercise/work out, wages/pay, salary/pay, cost/price, cheap/inexpensive, cheap/low-cost, expensive/costly, money/cash, bank card/debit card,
  transfer/send, refund/money back, top up/add money to, bill/invoice, company/firm, boss/manager, employees/staff, colleagues/coworkers,
  university/college, students/pupils, exam/test, exams/tests, subject/topic, book/novel, writer/author, meaning/definition, reason/cause,
  way/method, ways/methods, method/approach, difference/distinction, kind/type, kinds/types, example/instance, examples/instances, part/portion,
  advantages/benefits, advantages/pros, disadvantages/drawbacks, disadvantages/cons, tips/advice, currently/at present, now/at the moment,
  nowadays/these days, approximately/about, roughly/about, near/close to, city/town, place/location, street/road, house/home, garden/yard,
  woman/lady, man/guy, girl/young woman, happy/glad, sad/unhappy, angry/mad, beautiful/pretty, ugly/unattractive, cold/chilly, rain/rainfall,
  true/correct, false/untrue, invented/came up with, possible/feasible, necessary/required, required/needed, need/require, want/wish,
  happen/occur, happens/takes place, happened/took place, die/pass away, died/passed away, live/reside, stay/remain, leave/depart from, arrive/get there`);

/** Whole questions: `$1`, `$2` are what the pattern's groups found. Every wording of an entry asks the same. */
export const REWORDINGS: readonly { pattern: RegExp; wordings: readonly string[] }[] = [
  {
    pattern: /^what(?: is|'s) the difference between (.+) and (.+?)\?*$/i,
    wordings: [
      'How does $1 differ from $2?',
      'How do $1 and $2 differ?',
      'What is the difference between $2 and $1?',
      '$1 vs $2: what is the difference?',
    ],
  },
  {
    pattern: /^which is better,? (.+) or (.+?)\?*$/i,
    wordings: ['Which is better, $2 or $1?', 'Is $1 or $2 better?', '$1 or $2, which one is better?'],
  },
  {
    pattern: /^what is the capital of (.+?)\?*$/i,
    wordings: ['Which city is the capital of $1?', "What's $1's capital?", 'Name the capital city of $1'],
  },
  {
    pattern: /^what does "?([\w ]+?)"? mean\?*$/i,
    wordings: ['What is the meaning of "$1"?', 'What is meant by $1?', 'Define $1'],
  },
  {
    pattern: /^what is the meaning of (.+?)\?*$/i,
    wordings: ['What does $1 mean?', 'What is meant by $1?', "What's the definition of $1?"],
  },
  {
    pattern: /^who (?:invented|created) (.+?)\?*$/i,
    wordings: ['Who is the inventor of $1?', '$1 was invented by whom?', 'Who came up with $1?'],
  },
  {
    pattern: /^who wrote (.+?)\?*$/i,
    wordings: ['Who is the author of $1?', '$1 was written by whom?', 'By whom was $1 written?'],
  },
  {
    pattern: /^who discovered (.+?)\?*$/i,
    wordings: ['By whom was $1 discovered?', '$1 was discovered by whom?', 'Who is the discoverer of $1?'],
  },
  {
    pattern: /^when was (.+?) born\?*$/i,
    wordings: ["What is $1's date of birth?", 'On what date was $1 born?', "When is $1's birthday?"],
  },
  { pattern: /^how old is (.+?)\?*$/i, wordings: ['What is the age of $1?', "What is $1's age?", 'What age is $1?'] },
  {
    pattern: /^how tall is (.+?)\?*$/i,
    wordings: ['What is the height of $1?', "What is $1's height?", "What's the height of $1?"],
  },
  {
    pattern: /^how far is (.+?)\?*$/i,
    wordings: ['What is the distance to $1?', 'How far away is $1?', "What's the distance from here to $1?"],
  },
  {
    pattern: /^how much (?:does|do) (.+?) cost\?*$/i,
    wordings: ['What is the price of $1?', 'What does $1 cost?', 'How expensive is $1?'],
  },
  {
    pattern: /^what is the population of (.+?)\?*$/i,
    wordings: ['How many people live in $1?', 'How many inhabitants does $1 have?', 'How big is the population of $1?'],
  },
  {
    pattern: /^who is the (ceo|president|king|author|founder) of (.+?)\?*$/i,
    wordings: ["Who is $2's $1?", 'What is the name of the $1 of $2?', 'The $1 of $2 is who?'],
  },
  {
    pattern: /^how do (?:I|you) say (.+?) in (\w+)\?*$/i,
    wordings: ['What is the $2 for $1?', 'How is $1 said in $2?', 'In $2, how do you say $1?', 'Translate $1 into $2'],
  },
  {
    pattern: /^translate (.+?) (?:in)?to (\w+)\.?$/i,
    wordings: ['How do you say $1 in $2?', 'Give me the $2 translation of $1', 'Put $1 into $2'],
  },
  {
    pattern: /^how many calories are (?:there )?in (.+?)\?*$/i,
    wordings: ['What is the calorie count of $1?', 'How many calories does $1 have?', '$1: how many calories is that?'],
  },
  {
    pattern: /^convert (.+?) (?:in)?to (.+?)[.?]*$/i,
    wordings: ['How much is $1 in $2?', 'What is $1 in $2?', 'Please turn $1 into $2'],
  },
  {
    pattern: /^what are the (?:symptoms|signs) of (.+?)\?*$/i,
    wordings: ['How do I know if I have $1?', 'Which symptoms does $1 have?', 'What signs point to $1?'],
  },
  {
    pattern: /^is (.+?) better than (.+?)\?*$/i,
    wordings: ['Is $2 worse than $1?', 'Does $1 beat $2?', 'Would you say that $1 is better than $2?'],
  },
  {
    pattern: /^flights? from (.+?) to (.+?)[.?]*$/i,
    wordings: ['Flights to $2 from $1', 'I want to fly from $1 to $2', 'Show me flights that leave $1 for $2'],
  },
  {
    pattern: /^what is (\d+) (?:plus|\+) (\d+)\?*$/i,
    wordings: ['What is $2 plus $1?', 'What is the sum of $1 and $2?', 'Add $1 and $2'],
  },
];

export const PREFIXES =
  toList(`Hi! , Hello! , Please tell me: , Quick question: , I was wondering: , Just curious: , Excuse me! , Hey there! , Can you help me? , One thing: ,
  Sorry to ask: , I'd like to know: , Question: , Good day! , Serious question: , So: , Okay: , Hey! , Tell me: , Dear assistant! `).map(
    (prefix) => `${prefix} `,
  );

export const SUFFIXES = toList(
  'please, thanks, thank you, many thanks, if you can, I wonder, can you tell me, do you know, cheers, thanks in advance',
);
