/** Reads an answer that is not streamed, wholly, so that a broken one can still be asked for elsewhere. */
import { OriginFault, type OriginReply } from '../contract/origin.ts';
import type { Usage } from '../contract/usage.ts';
import { describeError, holdsError, readError } from './openai-error.ts';
import { parseObject } from './parse-object.ts';
import { readUsage } from './read-usage.ts';

export interface Completion {
  /** As received. */
  text: string;
  usage: Usage | null;
}

/** Throws an {@link OriginFault}: what reading throws, `too-large`, or `garbage` for an answer that is no completion. */
export async function readCompletion(
  reply: Pick<OriginReply, 'text'>,
  { maxBytes }: { maxBytes: number },
): Promise<Completion> {
  const text = await reply.text(maxBytes);
  if (text === null) {
    throw new OriginFault('too-large', `the answer is longer than ${maxBytes} bytes`);
  }
  const json = parseObject(text);
  if (json === null) {
    throw new OriginFault('garbage', 'the answer is no JSON object');
  }
  const error = holdsError(json) ? readError(json, 'server_error') : null;
  if (error !== null) {
    throw new OriginFault('garbage', `an error with a success status: ${describeError(error)}`);
  }
  if (!Array.isArray(json['choices'])) {
    throw new OriginFault('garbage', 'the answer has no choices');
  }
  return { text, usage: readUsage(json['usage']) };
}
