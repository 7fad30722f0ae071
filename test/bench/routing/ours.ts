/** The product's own routing as a policy: its filter, score and pick, and a board that learns from what this isolate saw. */
import type { Origin } from '../../../src/contract/origin.ts';
import type { Board, PrefixBlock, RoutingEvent } from '../../../src/contract/routing.ts';
import { earn, HEDGES, spend, startBudget } from '../../../src/origin/budget.ts';
import { toSlowMs } from '../../../src/origin/slow.ts';
import { stepBoard } from '../../../src/origin/board.ts';
import { createPrefixMemory } from '../../../src/origin/prefix-memory.ts';
import { toProbe } from '../../../src/origin/probe.ts';
import { route } from '../../../src/origin/route.ts';
import { readMs, type Score } from '../../../src/origin/score.ts';
import { BLOCK_TOKENS } from './gpu.ts';
import type { Policy } from './policies.ts';
import type { Region } from './rtt-tables.ts';
import type { Asked } from './world.ts';

export function createOurs(pop: Region, origins: readonly Origin[], random: () => number, hedges: boolean): Policy {
  let board: Board = new Map();
  const memory = createPrefixMemory();
  let budget = startBudget(HEDGES);
  // By request and origin.
  const scores = new Map<string, Score>();
  const reading = new Map<string, number>();
  const step = (event: RoutingEvent, now: number): void => {
    board = stepBoard(board, event, now);
  };
  return {
    choose(request, _lawful, tried, now) {
      const { model, residency, promptTokens, answerTokens, number, conversation, isContinued } = request;
      const blocks = toBlocks(request);
      const routed = route({
        origins,
        needs: {
          model,
          protocols: ['openai'],
          tokens: promptTokens,
          modalities: ['text'],
          residencies: [residency],
          priority: 'interactive',
        },
        job: {
          place: pop,
          policy: 'latency',
          promptTokens,
          answerTokens,
          warmTokens: (origin) => memory.warmTokens(origin, blocks),
        },
        board,
        key: { text: conversation, isContinued },
        tried,
        now,
        random,
      });
      if (!routed.ok) {
        return null;
      }
      const { score } = routed.value;
      scores.set(nameOf(number, score.candidate.origin), score);
      return score.candidate.origin;
    },
    sent(request, origin, now) {
      const { id } = origin;
      budget = earn(budget, HEDGES);
      const travelMs = (scores.get(nameOf(request.number, origin))?.roundTripMs ?? 0) / 2;
      const blocks = toBlocks(request);
      const tokens = toRead(request, memory.warmTokens(id, blocks));
      reading.set(nameOf(request.number, origin), tokens);
      memory.sent(id, blocks);
      step({ kind: 'sent', origin: id, model: request.model, tokens, travelMs }, now);
    },
    headers: ({ id }, ms, now) => step({ kind: 'headers', origin: id, ms }, now),
    firstToken({ model, number, promptTokens }, origin, ms, now) {
      const { id } = origin;
      const name = nameOf(number, origin);
      const tokens = reading.get(name) ?? promptTokens;
      reading.delete(name);
      const score = scores.get(name);
      scores.delete(name);
      if (score !== undefined) {
        const serverMs = Math.max(0, ms - score.roundTripMs - score.aheadMs);
        step(
          { kind: 'first-token', origin: id, model, tokens, lateMs: ms - readMs(score), serverMs, isStream: true },
          now,
        );
      }
    },
    ended: ({ id }, now) => step({ kind: 'ended', origin: id }, now),
    failed({ model }, { id }, now) {
      memory.forget(id);
      step({ kind: 'failed', origin: id, model, isWhole: true }, now);
    },
    hedgesAfter({ number }, origin, now) {
      const score = scores.get(nameOf(number, origin));
      return hedges && score !== undefined ? toSlowMs(score, true, now) : null;
    },
    mayHedge() {
      const left = spend(budget);
      budget = left ?? budget;
      return left !== null;
    },
    outrun({ number, model }, origin, ms, now) {
      const score = scores.get(nameOf(number, origin));
      const lateMs = score === undefined ? ms : ms - readMs(score);
      step({ kind: 'outrun', origin: origin.id, model, lateMs, isStream: true, isSilent: false }, now);
    },
    toProbe: (now) => toProbe(origins, board, now),
    probed: ({ id }, ms, now) => step({ kind: 'probed', origin: id, ms }, now),
    reported: ({ id }, report, now) => step({ kind: 'reported', origin: id, report }, now),
    shares: () =>
      origins.flatMap((origin) => {
        const trip = board.get(origin.id)?.roundTrip ?? null;
        return trip === null ? [] : [[origin, trip] as const];
      }),
    shared: ({ id }, roundTrip, now) => step({ kind: 'shared', origin: id, roundTrip }, now),
  };
}

function nameOf(request: number, { id }: Origin): string {
  return `${request} ${id}`;
}

function toBlocks({ blocks }: Asked): PrefixBlock[] {
  return blocks.map((hash) => ({ hash, tokens: BLOCK_TOKENS }));
}

function toRead({ promptTokens }: Asked, warmTokens: number): number {
  return Math.max(0, promptTokens - warmTokens);
}
