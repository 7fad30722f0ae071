/**
 * Sends a composed answer in time, as one body or as a stream. Tokens are due at times counted from the start, so that
 * late timers do not add up. A stream's headers leave with its first token, as vLLM's first chunk does.
 */
import type { Choice } from './choice.ts';
import type { Exchange } from './exchange.ts';
import { EVENT_STREAM } from './exchange.ts';
import type { BreakingFault } from './faults.ts';
import { drip } from './misbehave.ts';
import { monotonicUs } from './monotonic.ts';
import type { Pace } from './pace.ts';
import type { Envelope, Usage } from './wire.ts';
import { createEventWriter, DONE, toBody } from './wire.ts';

export interface Generation {
  envelope: Envelope;
  choices: Choice[];
  usage: Usage;
  includesUsage: boolean;
  pace: Pace;
  /** A token's event says when it was written. */
  stampsTokens: boolean;
  /** When the first token is ready, in the time of `performance.now()`. */
  firstTokenAtMs: number;
  /** Only `stall`, `cut` and a late `drip` get this far. */
  fault: BreakingFault | null;
  /** Called for tokens as they are written. */
  onTokens(count: number): void;
}

export async function sendStream(exchange: Exchange, generation: Generation): Promise<void> {
  const { choices, pace } = generation;
  const events = createEventWriter(generation.envelope, generation.includesUsage);
  const longest = findLongest(choices);
  const breakAt = findBreak(generation.fault, longest);
  if (breakAt === 0) {
    return breakOff(exchange, generation.fault);
  }
  let dueMs = generation.firstTokenAtMs + exchange.returnDelayMs;
  await exchange.waitUntil(dueMs);
  if (!exchange.isOpen) {
    return;
  }
  exchange.begin(200, { 'content-type': EVENT_STREAM, 'cache-control': 'no-cache' });
  for (const choice of choices) {
    await exchange.write(events.toFirst(choice));
  }
  for (let step = 0; step < longest && step !== breakAt; step++) {
    await exchange.waitUntil(dueMs);
    for (const choice of choices) {
      const token = choice.tokens[step];
      if (token === undefined) {
        continue;
      }
      if (!exchange.isOpen) {
        return;
      }
      generation.onTokens(1);
      await exchange.write(events.toToken(choice, token, generation.stampsTokens ? monotonicUs() : null));
    }
    dueMs += pace.tokenMs();
  }
  if (breakAt !== null) {
    return breakOff(exchange, generation.fault);
  }
  for (const choice of choices) {
    await exchange.write(events.toFinish(choice));
  }
  if (generation.includesUsage) {
    await exchange.write(events.toUsage(generation.usage));
  }
  await exchange.write(DONE);
  exchange.end();
}

/** A fault after n tokens takes as long as they do and lets their share of the body through. */
export async function sendWhole(exchange: Exchange, generation: Generation): Promise<void> {
  const { choices, pace } = generation;
  const longest = findLongest(choices);
  const breakAt = findBreak(generation.fault, longest);
  if (breakAt === 0) {
    return breakOff(exchange, generation.fault);
  }
  let readyMs = generation.firstTokenAtMs;
  for (let step = 1; step < (breakAt ?? longest); step++) {
    readyMs += pace.tokenMs();
  }
  await exchange.waitUntil(readyMs);
  if (!exchange.isOpen) {
    return;
  }
  const body = toBody(generation.envelope, choices, generation.usage);
  if (breakAt === null) {
    generation.onTokens(generation.usage.completion_tokens);
    return exchange.json(body);
  }
  generation.onTokens(breakAt);
  await exchange.waitUntil(readyMs + exchange.returnDelayMs);
  if (!exchange.isOpen) {
    return;
  }
  exchange.begin(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  await exchange.write(body.slice(0, Math.floor((body.length * breakAt) / (longest + 1))));
  return breakOff(exchange, generation.fault);
}

function findLongest(choices: Choice[]): number {
  return choices.reduce((longest, { tokens }) => Math.max(longest, tokens.length), 0);
}

/** After how many tokens the answer breaks off; at the latest before its end. Null: it does not. */
function findBreak(fault: BreakingFault | null, longest: number): number | null {
  const isLate = fault?.kind === 'stall' || fault?.kind === 'cut' || fault?.kind === 'drip';
  return isLate ? Math.min(fault.afterTokens ?? 0, longest) : null;
}

async function breakOff(exchange: Exchange, fault: BreakingFault | null): Promise<void> {
  if (fault?.kind === 'cut') {
    exchange.cut();
  } else if (fault?.kind === 'drip') {
    await drip(exchange, fault.everyMs, true);
  } else {
    await exchange.stall();
  }
}
