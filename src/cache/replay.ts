/**
 * Gives a stored answer back in the form that the client asked for. A stream comes back with its own chunks, an answer
 * that was stored whole is parted into chunks, and usage is told wherever it was asked for. Pure.
 */
import type { StoredAnswer } from '../contract/answer.ts';
import type { JsonObject } from '../contract/json.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Usage } from '../contract/usage.ts';
import { assemble, disassemble } from './assemble.ts';

/** The body: JSON text, or the text of a whole event stream. */
export function replay(
  stored: StoredAnswer,
  request: Pick<GenerationRequest, 'kind' | 'isStream' | 'wantsUsage'>,
): string {
  return request.isStream ? replayStream(stored, request) : replayWhole(stored, request);
}

function replayStream(
  { content, usage }: StoredAnswer,
  request: Pick<GenerationRequest, 'kind' | 'wantsUsage'>,
): string {
  const events =
    content.format === 'events'
      ? content.events
      : disassemble(request.kind, JSON.parse(content.body) as JsonObject).map((chunk) => JSON.stringify(chunk));
  const last = request.wantsUsage && usage !== null ? [usageEvent(events, usage)] : [];
  return [...events, ...last, '[DONE]'].map(toEvent).join('');
}

function replayWhole({ content, usage }: StoredAnswer, request: Pick<GenerationRequest, 'kind'>): string {
  if (content.format === 'json') {
    return content.body;
  }
  const whole = assemble(request.kind, content.events);
  return JSON.stringify(usage === null ? whole : { ...whole, usage: toOpenAiUsage(usage) });
}

/** Data of several lines is told line by line, as the event-stream format has it. */
function toEvent(data: string): string {
  return `data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
}

/** OpenAI's last chunk under `include_usage`: no choices, the usage of the whole request. */
function usageEvent(events: readonly string[], usage: Usage): string {
  const head = JSON.parse(events.at(-1) ?? '{}') as JsonObject;
  return JSON.stringify({ ...head, choices: [], usage: toOpenAiUsage(usage) });
}

function toOpenAiUsage({ promptTokens, completionTokens, reported }: Usage): JsonObject {
  return {
    ...reported,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
