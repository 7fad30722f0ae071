/** The product's own routing as a policy: its filter, score and pick, and a board that learns from what this isolate saw. */
import type { Origin } from '../../../src/contract/origin.ts';
import type { Board, PrefixBlock, RoutingEvent } from '../../../src/contract/routing.ts';
import { stepBoard } from '../../../src/origin/board.ts';
import { createPrefixMemory } from '../../../src/origin/prefix-memory.ts';
import { toProbe } from '../../../src/origin/probe.ts';
import { route } from '../../../src/origin/route.ts';
import type { Score } from '../../../src/origin/score.ts';
import { BLOCK_TOKENS } from './gpu.ts';
import type { Policy } from './policies.ts';
import type { Region } from './rtt-tables.ts';
import type { Asked } from './world.ts';

export function createOurs(pop: Region, origins: readonly Origin[], random: () => number): Policy {
  let board: Board = new Map();
  const memory = createPrefixMemory();
  const scores = new Map<number, Score>();
  const reading = new Map<number, number>();
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
      scores.set(number, routed.value.score);
      return routed.value.score.candidate.origin;
    },
    sent(request, { id }, now) {
      const travelMs = (scores.get(request.number)?.roundTripMs ?? 0) / 2;
      const blocks = toBlocks(request);
      const tokens = toRead(request, memory.warmTokens(id, blocks));
      reading.set(request.number, tokens);
      memory.sent(id, blocks);
      step({ kind: 'sent', origin: id, model: request.model, tokens, travelMs }, now);
    },
    headers: ({ id }, ms, now) => step({ kind: 'headers', origin: id, ms }, now),
    firstToken({ model, number, promptTokens }, { id }, ms, now) {
      const tokens = reading.get(number) ?? promptTokens;
      reading.delete(number);
      const score = scores.get(number);
      scores.delete(number);
      if (score !== undefined) {
        const serverMs = Math.max(0, ms - score.roundTripMs - score.aheadMs);
        step({ kind: 'first-token', origin: id, model, tokens, ms, serverMs, isStream: true }, now);
      }
    },
    ended: ({ id }, now) => step({ kind: 'ended', origin: id }, now),
    failed({ model }, { id }, now) {
      memory.forget(id);
      step({ kind: 'failed', origin: id, model, isWhole: true }, now);
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

function toBlocks({ blocks }: Asked): PrefixBlock[] {
  return blocks.map((hash) => ({ hash, tokens: BLOCK_TOKENS }));
}

function toRead({ promptTokens }: Asked, warmTokens: number): number {
  return Math.max(0, promptTokens - warmTokens);
}
