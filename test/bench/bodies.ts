/**
 * The requests' bodies. All are of one size, whatever they ask and of whom, so that no target is sent more than
 * another. A number makes a body distinct: equal numbers, equal bodies. Pure.
 */

export const MODEL = 'sim-small';

/** About 12 tokens; as many distinct ones as there are numbers below 10 million. */
export function toQuestion(number: number): string {
  return `What does rule ${String(number).padStart(7, '0')} say about late parcels?`;
}

const VERBS = ['reset', 'change', 'recover', 'replace'];
const WHOSE = ['my', 'our', 'the', 'a lost'];
const PLACES = ['account', 'profile', 'login', 'user account', 'work account'];
const OPENINGS = [
  'How do I',
  'How can I',
  'What must I do to',
  'Please tell me how to',
  'Where can I',
  'How should we',
];
const ENDINGS = ['', ' today', ' now', ' again', ' please', ' quickly', ' myself', ' by phone', ' by mail', ' online'];

/** What the paraphrases ask. */
export const STORED_QUESTION = 'How do I reset the password of my account?';

/** How many paraphrases there are. */
export const PARAPHRASES = VERBS.length * WHOSE.length * PLACES.length * OPENINGS.length * ENDINGS.length;

/** Asks what {@link STORED_QUESTION} asks, in other words; distinct for each number below {@link PARAPHRASES}. */
export function toParaphrase(number: number): string {
  let rest = number;
  const pick = (list: readonly string[]): string => {
    const word = list[rest % list.length] ?? '';
    rest = Math.floor(rest / list.length);
    return word;
  };
  return `${pick(OPENINGS)} ${pick(VERBS)} ${pick(WHOSE)} password of this ${pick(PLACES)}${pick(ENDINGS)}?`;
}

/** A later turn of a conversation: it has an answer in its history, and no other conversation shares its scope. */
export function conversationBody(number: number): string {
  return toBody([
    { role: 'system', content: 'You are the assistant of a parcel service. Answer in one short sentence.' },
    { role: 'user', content: `I have a question about case ${number}, a parcel that was sent last week.` },
    { role: 'assistant', content: 'Of course. What would you like to know about it?' },
    { role: 'user', content: toQuestion(number) },
  ]);
}

/** A first question. `topic` stands in the system prompt: a topic of its own is a scope of its own. */
export function firstQuestionBody(question: string, topic: number): string {
  return toBody([
    { role: 'system', content: `You are the assistant of parcel service ${topic}. Answer in one short sentence.` },
    { role: 'user', content: question },
  ]);
}

const BODY_BYTES = 500;

/** `user` brings a body to its size: it says who is billed, so it is no part of a scope. */
function toBody(messages: readonly { role: string; content: string }[]): string {
  const withUser = (user: string): string =>
    JSON.stringify({ model: MODEL, messages, temperature: 0, max_tokens: 32, user });
  const missing = BODY_BYTES - withUser('').length;
  if (missing < 0) {
    throw new Error(`body: expected at most ${BODY_BYTES} bytes, received ${BODY_BYTES - missing}`);
  }
  return withUser('u'.repeat(missing));
}
