/**
 * The requests' bodies. All are of one size, whatever they ask and of whom, so that no target is sent more than
 * another. A number makes a body distinct: equal numbers, equal bodies. Pure.
 */

export const MODEL = 'sim-small';

/**
 * What is measured is the time of near hits, so none is to be refused. The simulator answers each wording otherwise, and what learns from answers would
 * rightly close; a client that sends near hits alone takes more than half of the thread for them.
 */
export const NEAR_HITS_OPEN = { NAMESPACES: { default: { judge: 'similarity' } }, CACHE_THREAD_SHARE: 1 };

/** About 12 tokens; as many distinct ones as there are numbers below 10 million. */
export function toQuestion(number: number): string {
  return `What does rule ${String(number).padStart(7, '0')} say about late parcels?`;
}

const GREETINGS = [
  '',
  'Hello, ',
  'Hi, ',
  'Good morning, ',
  'Please tell me, ',
  'Excuse me, ',
  'Thanks in advance, ',
  'I wonder, ',
  'Sorry to ask, ',
  'Dear team, ',
];
const OPENINGS = ['how do I', 'how can I', 'how could I', 'how would I', 'how should I', 'how might I'];
const VERBS = ['reset', 'change', 'renew', 'set anew'];
const WHOSE = ['my', 'my own', 'our', 'the'];
const PLACES = ['account', 'profile', 'user account', 'customer account', 'member account'];

/** What the paraphrases ask. */
export const STORED_QUESTION = 'How do I reset the password of my account?';

/** How many paraphrases there are. */
export const PARAPHRASES = GREETINGS.length * OPENINGS.length * VERBS.length * WHOSE.length * PLACES.length;

/** Asks what {@link STORED_QUESTION} asks, in other words that no guard refuses; distinct for each number below {@link PARAPHRASES}. */
export function toParaphrase(number: number): string {
  let rest = number;
  const pick = (list: readonly string[]): string => {
    const word = list[rest % list.length] ?? '';
    rest = Math.floor(rest / list.length);
    return word;
  };
  const [opening, greeting] = [pick(OPENINGS), pick(GREETINGS)];
  const text = `${greeting}${opening} ${pick(VERBS)} this password of ${pick(WHOSE)} ${pick(PLACES)}?`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A later turn of a conversation: it has an answer in its history, and no other conversation shares its scope. */
export function conversationBody(number: number): string {
  return toBody(toConversation(number));
}

/** The same, for a stream of so many tokens. */
export function streamBody(number: number, model: string, tokens: number): string {
  return toBody(toConversation(number), { model, max_tokens: tokens, stream: true });
}

function toConversation(number: number): Message[] {
  return [
    { role: 'system', content: 'You are the assistant of a parcel service. Answer in one short sentence.' },
    { role: 'user', content: `I have a question about case ${number}, a parcel that was sent last week.` },
    { role: 'assistant', content: 'Of course. What would you like to know about it?' },
    { role: 'user', content: toQuestion(number) },
  ];
}

/** A first question. `topic` stands in the system prompt: a topic of its own is a scope of its own. */
export function firstQuestionBody(question: string, topic: number): string {
  return toBody([
    { role: 'system', content: `You are the assistant of parcel service ${topic}. Answer in one short sentence.` },
    { role: 'user', content: question },
  ]);
}

interface Message {
  role: string;
  content: string;
}

const BODY_BYTES = 500;

/** `user` brings a body to its size: it says who is billed, so it is no part of a scope. */
function toBody(messages: readonly Message[], fields: Readonly<Record<string, unknown>> = {}): string {
  const withUser = (user: string): string =>
    JSON.stringify({ model: MODEL, messages, temperature: 0, max_tokens: 32, ...fields, user });
  const missing = BODY_BYTES - withUser('').length;
  if (missing < 0) {
    throw new Error(`body: expected at most ${BODY_BYTES} bytes, received ${BODY_BYTES - missing}`);
  }
  return withUser('u'.repeat(missing));
}
