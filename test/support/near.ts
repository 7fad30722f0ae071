/** Near questions staged on fakes: origins answer by topic, so that questions share answers. */
import type { OriginCall } from '../../src/contract/origin.ts';
import { answerWith, createJourney, type Asked, type Journey, type JourneyOptions } from './journey.ts';
import { chatRequest, type RequestChanges } from './samples.ts';

export const CAPITAL = 'What is the capital of France?';
/** The fake embedder sees the same words in it. */
export const SAME_WORDS = 'what is the capital of france';
/** Four of six words are the same. */
export const CURRENCY = 'What is the currency of France?';

/** Origins answer by the question's last word but one, so that questions share answers. */
export function answerByTopic(call: OriginCall): ReturnType<typeof answerWith> {
  const topic = /capital|currency|bread/.exec(String(call.body))?.[0] ?? 'none';
  return answerWith(`It is about ${topic}.`, call);
}

export function createNear(
  options: JourneyOptions = {},
): Journey & { say: (text: string, changes?: RequestChanges) => Promise<Asked> } {
  const journey = createJourney({ script: answerByTopic, ...options });
  let asked = 0;
  return {
    ...journey,
    say: (text, changes = {}) =>
      journey.ask(chatRequest({ messages: [{ role: 'user', content: text }] }, { id: `req_${asked++}`, ...changes })),
  };
}
