/**
 * OpenAI's JSON for answers: one body, or the events of a stream. Events are built from fixed text around the token,
 * because a load test writes hundreds of thousands of them a second. Pure.
 */
import type { Choice } from './choice.ts';

/** What all events of an answer share. */
export interface Envelope {
  route: 'chat' | 'completion';
  id: string;
  /** Seconds since the epoch. */
  created: number;
  model: string;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}

export function toUsage(promptTokens: number, completionTokens: number, cachedTokens: number): Usage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

const FINGERPRINT = 'perigee-simulator';

export function toBody(envelope: Envelope, choices: Choice[], usage: Usage): string {
  const { route, id, created, model } = envelope;
  return JSON.stringify({
    id,
    object: route === 'chat' ? 'chat.completion' : 'text_completion',
    created,
    model,
    system_fingerprint: FINGERPRINT,
    choices: choices.map((choice) => (route === 'chat' ? toChatChoice(choice, id) : toTextChoice(choice))),
    usage,
  });
}

function toChatChoice(choice: Choice, id: string): object {
  const text = choice.tokens.join('');
  const message =
    choice.tool === null
      ? { role: 'assistant', content: text, refusal: null }
      : {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            { id: toCallId(id, choice.index), type: 'function', function: { name: choice.tool, arguments: text } },
          ],
        };
  return { index: choice.index, message, logprobs: null, finish_reason: choice.finishReason };
}

function toTextChoice(choice: Choice): object {
  const { index, tokens, finishReason } = choice;
  return { index, text: tokens.join(''), logprobs: null, finish_reason: finishReason };
}

function toCallId(id: string, index: number): string {
  return `call_${id.slice(id.indexOf('-') + 1)}${index}`;
}

/** The events of a stream, each ready to be written. */
export interface EventWriter {
  /** Empty for /v1/completions, which has none. */
  toFirst(choice: Choice): string;
  /** `sentUs`: told in the event where it is not null. */
  toToken(choice: Choice, token: string, sentUs: number | null): string;
  toFinish(choice: Choice): string;
  toUsage(usage: Usage): string;
}

export const DONE = 'data: [DONE]\n\n';

export function createEventWriter(envelope: Envelope, includesUsage: boolean): EventWriter {
  const { route, id, created, model } = envelope;
  const object = route === 'chat' ? 'chat.completion.chunk' : 'text_completion';
  const shared = JSON.stringify({ id, object, created, model, system_fingerprint: FINGERPRINT }).slice(0, -1);
  const head = `data: ${shared},"choices":[`;
  const tail = includesUsage ? '],"usage":null' : ']';
  const wrap = (index: number, content: string, finishReason: string, stamp = ''): string =>
    `${head}{"index":${index},${content},"logprobs":null,"finish_reason":${finishReason}}${tail}${stamp}}\n\n`;
  return {
    toFirst({ index, tool }) {
      if (route === 'completion') {
        return '';
      }
      if (tool === null) {
        return wrap(index, '"delta":{"role":"assistant","content":"","refusal":null}', 'null');
      }
      const call = { index: 0, id: toCallId(id, index), type: 'function', function: { name: tool, arguments: '' } };
      const delta = { role: 'assistant', content: null, tool_calls: [call] };
      return wrap(index, `"delta":${JSON.stringify(delta)}`, 'null');
    },
    toToken({ index, tool }, token, sentUs) {
      const text = JSON.stringify(token);
      const stamp = sentUs === null ? '' : `,"simulator_sent_us":${sentUs}`;
      if (route === 'completion') {
        return wrap(index, `"text":${text}`, 'null', stamp);
      }
      if (tool === null) {
        return wrap(index, `"delta":{"content":${text}}`, 'null', stamp);
      }
      return wrap(index, `"delta":{"tool_calls":[{"index":0,"function":{"arguments":${text}}}]}`, 'null', stamp);
    },
    toFinish({ index, finishReason }) {
      return wrap(index, route === 'chat' ? '"delta":{}' : '"text":""', `"${finishReason}"`);
    },
    toUsage: (usage) => `${head}],"usage":${JSON.stringify(usage)}}\n\n`,
  };
}
