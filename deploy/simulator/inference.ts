/**
 * A POST to /v1, from its body to the end of its answer: network delay, fault, validation, queue, prefill, tokens. The
 * slot is held from its start to the answer's end and is free at once when the client leaves.
 */
import { composeChoices } from './choice.ts';
import { EMBEDDING_MODEL, parseEmbedding, toEmbeddingBody } from './embedding.ts';
import type { Exchange, WholeAnswer } from './exchange.ts';
import { EVENT_STREAM, toRefusal } from './exchange.ts';
import type { BreakingFault, FaultPlan } from './faults.ts';
import { parseFault, toMishap } from './faults.ts';
import { sendStream, sendWhole } from './generate.ts';
import type { GenerationRequest, Parsed } from './generation-request.ts';
import { parseGeneration } from './generation-request.ts';
import type { JsonObject } from './json.ts';
import { isJsonObject, parseJson } from './json.ts';
import { misbehave } from './misbehave.ts';
import type { Settings } from './options.ts';
import type { Pace } from './pace.ts';
import { createPace } from './pace.ts';
import type { PrefixCache } from './prefix-cache.ts';
import { badRequest, QUEUE_FULL, simulatedError, unknownModel } from './problem.ts';
import type { Queue } from './queue.ts';
import { createRandom, hashText } from './random.ts';
import type { Counters } from './stats.ts';
import { countPrompt } from './stats.ts';
import { countTokens } from './tokens.ts';
import { toUsage } from './wire.ts';

/** What the requests of a simulator share. */
export interface Region {
  settings: Settings;
  queue: Queue;
  plan: FaultPlan;
  counters: Counters;
  /** Null: switched off. */
  prefixCache: PrefixCache | null;
  /** Unique in the region, the same after each start. */
  nextId(): string;
}

export type InferenceKind = 'chat' | 'completion' | 'embedding';

/** `faultHeader` is the value of `x-sim-fault`. */
export async function infer(
  region: Region,
  exchange: Exchange,
  kind: InferenceKind,
  text: string,
  faultHeader: string | undefined,
): Promise<void> {
  const arrived = await arrive(region, exchange, text, faultHeader);
  if (arrived === null) {
    return;
  }
  const { fault, pace } = arrived;
  const body = parseJson(text);
  const isStream = isJsonObject(body) && body['stream'] === true;
  if (fault !== null && (await misbehave(exchange, fault, isStream))) {
    return;
  }
  const substitute = toSubstitute(fault, isStream);
  if (substitute !== null) {
    return exchange.answer(substitute);
  }
  if (!isJsonObject(body)) {
    return exchange.refuse(badRequest('We could not parse the JSON body of your request: expected an object.', null));
  }
  const call: Call = { region, exchange, pace, fault, body };
  return kind === 'embedding' ? embedTexts(call) : generateText(call, kind);
}

export interface Arrival {
  fault: BreakingFault | null;
  pace: Pace;
}

/** The way here, and what befalls the request; null where it was refused. */
export async function arrive(
  { settings, plan, counters }: Region,
  exchange: Exchange,
  text: string,
  faultHeader: string | undefined,
): Promise<Arrival | null> {
  const asked = faultHeader === undefined ? null : parseFault(parseJson(faultHeader), 'x-sim-fault');
  if (asked !== null && !asked.ok) {
    await exchange.refuse(badRequest(asked.message, null, 'invalid_fault'));
    return null;
  }
  const { fault, slowness } = asked === null ? plan.draw() : toMishap(asked.fault);
  if (fault !== null) {
    counters.faulted++;
  }
  const random = createRandom(settings.jitter === 0 ? 0 : hashText(text, settings.seed));
  const pace = createPace(settings, slowness, random);
  await exchange.waitUntil(performance.now() + pace.networkMs());
  exchange.returnDelayMs = pace.networkMs();
  return { fault, pace };
}

interface Call {
  region: Region;
  exchange: Exchange;
  pace: Pace;
  fault: BreakingFault | null;
  body: JsonObject;
}

/** What the faults answer that need no model. */
function toSubstitute(fault: BreakingFault | null, isStream: boolean): WholeAnswer | null {
  if (fault?.kind === 'status') {
    return toRefusal(simulatedError(fault.status, fault.retryAfterSeconds));
  }
  if (fault?.kind !== 'garbage') {
    return null;
  }
  return isStream
    ? { status: 200, contentType: EVENT_STREAM, body: 'data: {"id":"chatcmpl-\n\ndata: <<<\n\n' }
    : { status: 200, contentType: 'application/json', body: '{"id":"chatcmpl-","choices":[{"index":0,' };
}

async function generateText(call: Call, route: 'chat' | 'completion'): Promise<void> {
  const { region, exchange, pace, fault } = call;
  const parsed = checkModel(parseGeneration(call.body, route), region.settings.models, false);
  if (!parsed.ok) {
    return exchange.refuse(parsed.problem);
  }
  const request = parsed.value;
  await withSlot(call, request.model, async () => {
    const startMs = performance.now();
    const { promptTokens, cachedTokens } = readPrompts(region, request);
    const choices = composeChoices(request, region.settings);
    const completionTokens = choices.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const send = request.isStream ? sendStream : sendWhole;
    await send(exchange, {
      envelope: {
        route,
        id: `${route === 'chat' ? 'chatcmpl' : 'cmpl'}-${region.nextId()}`,
        created: Math.floor(Date.now() / 1000),
        model: request.model,
      },
      choices,
      usage: toUsage(promptTokens, completionTokens, cachedTokens),
      includesUsage: request.includesUsage,
      pace,
      stampsTokens: region.settings.stampsTokens,
      firstTokenAtMs: startMs + pace.prefillMs(promptTokens - cachedTokens),
      fault,
      onTokens: (count) => {
        region.counters.completionTokens += count;
      },
    });
  });
}

async function embedTexts(call: Call): Promise<void> {
  const { region, exchange, pace, fault } = call;
  const parsed = checkModel(parseEmbedding(call.body), region.settings.models, true);
  if (!parsed.ok) {
    return exchange.refuse(parsed.problem);
  }
  const request = parsed.value;
  await withSlot(call, request.model, async () => {
    if (fault?.kind === 'cut') {
      return exchange.cut();
    }
    if (fault?.kind === 'stall') {
      return exchange.stall();
    }
    const startMs = performance.now();
    const promptTokens = request.texts.reduce((sum, text) => sum + countTokens(text), 0);
    region.counters.promptTokens += promptTokens;
    await exchange.waitUntil(startMs + pace.prefillMs(promptTokens));
    if (!exchange.isOpen) {
      return;
    }
    return exchange.json(toEmbeddingBody(request, region.settings.seed, promptTokens));
  });
}

function checkModel<T extends { model: string }>(
  parsed: Parsed<T>,
  models: readonly string[],
  isForEmbeddings: boolean,
): Parsed<T> {
  if (!parsed.ok) {
    return parsed;
  }
  const { model } = parsed.value;
  if (!models.includes(model)) {
    return { ok: false, problem: unknownModel(model) };
  }
  if ((model === EMBEDDING_MODEL) === isForEmbeddings) {
    return parsed;
  }
  const message = `The model \`${model}\` does not serve this endpoint.`;
  return { ok: false, problem: badRequest(message, 'model', 'unsupported_model') };
}

/** Held until the answer is out, thus also through its network delay. */
export async function withSlot(
  { region, exchange }: Pick<Call, 'region' | 'exchange'>,
  model: string,
  work: () => Promise<void>,
): Promise<void> {
  if (!exchange.isOpen) {
    return;
  }
  const slot = region.queue.enter(model);
  if (slot === null) {
    return exchange.refuse(QUEUE_FULL);
  }
  exchange.onceClosed((ending) => {
    slot.leave();
    if (ending === 'completed') {
      region.counters.completed++;
    }
  });
  await slot.started;
  try {
    if (exchange.isOpen) {
      await work();
    }
  } finally {
    slot.leave();
  }
}

function readPrompts(region: Region, request: GenerationRequest): { promptTokens: number; cachedTokens: number } {
  const read = { promptTokens: 0, cachedTokens: 0 };
  for (const { text } of request.prompts) {
    const found = region.prefixCache?.take(request.model, text) ?? { promptTokens: countTokens(text), cachedTokens: 0 };
    read.promptTokens += found.promptTokens;
    read.cachedTokens += found.cachedTokens;
  }
  countPrompt(region.counters, request.model, read.promptTokens, read.cachedTokens);
  return read;
}
