/**
 * The events of a Workers AI stream as OpenAI's. `data: {"response":"…"}` becomes a chunk, the usage that the last of them carries an event of its
 * own before `[DONE]`; what is in OpenAI's shape already passes as it is. Pure: takes text split anywhere.
 */
import { createParser } from 'eventsource-parser';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { parseObject } from '../parse-object.ts';
import { toFinish, toMessage, type Envelope, type Message } from './to-completion.ts';

export interface ChunkTranslator {
  /** The text to pass on. Throws where an event is longer than `maxEventBytes`. */
  push(text: string): string;
}

export function createChunkTranslator(
  { id, model, created }: Envelope,
  { maxEventBytes = 8 * 1024 * 1024 }: { maxEventBytes?: number } = {},
): ChunkTranslator {
  let out = '';
  let isForeign = false;
  let hasBegun = false;
  let finish: 'stop' | 'tool_calls' = 'stop';
  let usage: JsonObject | null = null;

  const write = (choices: readonly object[], more: object = {}): void => {
    const chunk = { id, object: 'chat.completion.chunk', created, model, choices, ...more };
    out += `data: ${JSON.stringify(chunk)}\n\n`;
  };
  const writeDelta = ({ content, tool_calls: calls }: Message): void => {
    const role = hasBegun ? {} : { role: 'assistant' };
    hasBegun = true;
    const delta = {
      ...role,
      ...(content === null ? {} : { content }),
      ...(calls === undefined ? {} : { tool_calls: calls.map((call, index) => ({ index, ...call })) }),
    };
    write([{ index: 0, delta, finish_reason: null }]);
  };

  const parser = createParser({
    maxBufferSize: maxEventBytes,
    onEvent: ({ data }) => {
      const json = parseObject(data);
      const message = json === null || Array.isArray(json['choices']) ? null : toMessage(json);
      if (json !== null && message !== null) {
        isForeign = true;
        usage = isJsonObject(json['usage']) ? json['usage'] : usage;
        finish = message.tool_calls === undefined ? finish : toFinish(message);
        // The last one has the usage, and nothing to say.
        if ((message.content ?? '') !== '' || message.tool_calls !== undefined) {
          writeDelta(message);
        }
        return;
      }
      if (data === '[DONE]' && isForeign) {
        write([{ index: 0, delta: {}, finish_reason: finish }]);
        if (usage !== null) {
          write([], { usage });
        }
      }
      out += `data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
    },
    onError: (problem) => {
      if (problem.type === 'max-buffer-size-exceeded') {
        throw new Error(`an event of more than ${maxEventBytes} bytes`);
      }
    },
  });

  return {
    push(text) {
      parser.feed(text);
      const ready = out;
      out = '';
      return ready;
    },
  };
}
