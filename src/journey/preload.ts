/**
 * Stores curated answers as if an origin had given them. Each row's answer lies where a request with the same body would look for it, also in a
 * namespace that stores no answers of requests. Rows are embedded, so that other words find them too.
 */
import { splitQuestion } from '../cache/split-question.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Ports } from '../contract/ports.ts';
import type { Controls, GenerationRequest, Tenant } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import { placeRequest } from './place-request.ts';
import { remember } from './remember.ts';
import { resolveModel } from './resolve-model.ts';

export interface PreloadRow {
  /** The body of a chat request that the answer is for. */
  body: JsonObject & { model: string };
  answer: string;
}

export interface Preloader {
  id: string;
  tenant: Tenant;
  controls: Controls;
  place: GenerationRequest['place'];
  signal: AbortSignal;
}

/** A row's choice of a model is no stage of the request. */
const UNRECORDED: Parameters<typeof resolveModel>[3] = { set: () => undefined, stage: (_stage, work) => work() };

/** A request may have six connections, and each row is at stores for most of its time. */
const ROWS_AT_ONCE = 6;

/** By row: null where it is stored, else why it is not. */
export async function preload(
  rows: readonly PreloadRow[],
  by: Preloader,
  ports: Ports,
  settings: Settings,
): Promise<(string | null)[]> {
  const outcomes: (string | null)[] = rows.map(() => null);
  const left = rows.entries();
  await Promise.all(
    Array.from({ length: ROWS_AT_ONCE }, async () => {
      for (const [place, row] of left) {
        outcomes[place] = by.signal.aborted ? 'the client left' : await preloadRow(row, by, ports, settings);
      }
    }),
  );
  return outcomes;
}

async function preloadRow(
  { body, answer }: PreloadRow,
  by: Preloader,
  ports: Ports,
  settings: Settings,
): Promise<string | null> {
  const raw = JSON.stringify(body);
  const wished: GenerationRequest = {
    ...by,
    kind: 'chat',
    body,
    raw,
    model: body.model,
    isStream: false,
    wantsUsage: false,
  };
  const resolved = await resolveModel(wished, ports, settings, UNRECORDED);
  if (!resolved.ok) {
    return resolved.problem.message;
  }
  const request = resolved.value;
  const placed = await placeRequest(request, splitQuestion(request), ports, settings);
  if (placed.key.scope === '') {
    return placed.plan.reason;
  }
  const asked = { ...placed, plan: { ...placed.plan, writes: true } };
  const text = asked.split.question.join('\n');
  // Whoever preloads waits for the model: its share of the thread is for requests.
  const embedded = asked.plan.usesMeaning
    ? await ports.embedder.embed(
        { kind: 'text', text },
        { tenant: by.tenant, truncateTo: null, mayPersist: asked.plan.jurisdiction === null, counts: false },
      )
    : null;
  const content = {
    format: 'json',
    body: JSON.stringify(toCompletion(request.model, answer, ports.clock.now())),
  } as const;
  // Whoever curates answers wants them found in other words, be a scope's row the only one.
  const found = { hit: null, embedded, near: null, scopeState: { kind: 'open' } } as const;
  const generated = { content, usage: null, origin: 'preload' };
  const outcome = await remember(asked, found, { generated }, ports, settings);
  return outcome.startsWith('stored') ? null : outcome.replace(/^not stored: /, '');
}

function toCompletion(model: string, content: string, now: number): JsonObject {
  return {
    id: 'chatcmpl-preloaded',
    object: 'chat.completion',
    created: Math.floor(now / 1000),
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  };
}
