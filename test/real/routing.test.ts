/**
 * Routing over real model servers in three regions: the nearest first, one dies under load, one becomes slow, both come back. What a
 * client sees is what counts. The tests follow upon one another.
 */
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, type ChatWish, type Edge, type Told } from './edge.ts';
import { startLoad } from './load.ts';
import { LLAMA } from './model-servers.ts';
import { waitFor } from './wait-for.ts';
import { REGIONS, startWorld, type World } from './world.ts';

/** The first time, llama.cpp is built. */
const SET_UP_WITHIN_MS = 3_600_000;

/** A region that is silent for so long has fallen silent; a busy machine is not. */
const LATE_MS = 8_000;

let world: World;
let edges: readonly Edge[];

beforeAll(async () => {
  world = await startWorld('chat', { ORIGIN_CONNECT_TIMEOUT_MS: LATE_MS, ORIGIN_IDLE_TIMEOUT_MS: LATE_MS });
  edges = REGIONS.map((name) => world.edges[name]);
}, SET_UP_WITHIN_MS);
afterAll(() => world?.stop());

describe('a chat', () => {
  it('is answered whole as its origin answers, with the origin’s usage', async () => {
    const body = {
      model: LLAMA,
      messages: [{ role: 'user', content: 'What is near?' }],
      max_tokens: 40,
      temperature: 0,
    };
    const direct = await fetch(`${world.regions.eu.server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { choices, usage } = (await direct.json()) as Whole;
    expect(usage).toMatchObject({ completion_tokens: 40 });
    expect(usage.prompt_tokens).toBeGreaterThan('user: What is near?'.length);

    const response = await world.edges.eu.ask('/v1/chat/completions', body);
    expect(response.headers.get('x-perigee-origin')).toBe('eu-llama');
    expect(await response.json()).toMatchObject({ choices, usage });
    expect(await world.edges.eu.traceOf(response.headers.get('x-request-id') ?? '')).toMatchObject({
      tokens_from: 'origin',
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: 40,
      ended: 'complete',
    });
  });

  it.each(REGIONS)('is streamed at %s from the nearest origin, event for event', async (name) => {
    const { [name]: edge } = world.edges;
    const wish = { model: LLAMA, text: `What is near to ${name}?`, maxTokens: 60 };
    const direct = await chat(world.regions[name].server.url, '', wish);
    const told = await edge.chat(wish);
    expect(told).toMatchObject({ status: 200, origin: `${name}-llama`, cache: 'MISS', isDone: true, fault: null });
    expect([told.text, told.finishReason]).toEqual([direct.text, 'length']);
    expect(told.text.length).toBeGreaterThan(50);
    const trace = await edge.traceOf(told.requestId);
    expect(trace).toMatchObject({ colo: edge.colo, ended: 'complete' });
    expect(trace.completion_tokens).toBe(told.text.length);
  });

  it('goes where the law wants it, however far', async () => {
    const told = await say(world.edges.sg, { headers: { 'x-perigee-residency': 'us' } });
    expect(told).toMatchObject({ status: 200, origin: 'us-llama', isDone: true });
  });

  it('that no server can read is held against none of them', async () => {
    const { eu } = world.edges;
    const asked: boolean[] = [];
    for (let round = 0; round < 5; round++) {
      const told = await say(eu, { text: 'x'.repeat(3000) });
      expect(told).toMatchObject({ status: 502, error: { error: { code: 'origin_failed' } } });
      const { stages } = await eu.traceOf((await say(eu)).requestId);
      asked.push(stages.some(({ stage, decision }) => stage === 'origin' && decision.startsWith('eu-llama')));
    }
    // All, but where the machine is so busy that the nearest seems slow.
    expect(asked.filter(Boolean).length).toBeGreaterThan(3);
  });

  it('that its client leaves frees the origin for others', async () => {
    const there = { headers: { 'x-perigee-residency': 'eu' } };
    const leaving = new AbortController();
    const since = performance.now();
    const left = await say(world.edges.eu, {
      ...there,
      maxTokens: 800,
      signal: leaving.signal,
      onText: () => leaving.abort(),
    });
    expect(left.fault).toContain('AbortError');
    expect((await say(world.edges.eu, { ...there, maxTokens: 4 })).isDone).toBe(true);
    const untilFreeMs = performance.now() - since;
    const whole = await say(world.edges.eu, { ...there, maxTokens: 800 });
    expect(whole.isDone).toBe(true);
    expect(untilFreeMs).toBeLessThan(whole.endMs / 2);
  });
});

describe('a connection that its server closes after five idle seconds', () => {
  it('costs neither the client nor the origin anything where a request is already under way on it', async () => {
    const far = { headers: { 'x-perigee-residency': 'sg' } };
    await say(world.edges.us, far);
    for (let round = 0; round < 3; round++) {
      // The close takes 118 ms to come here, and a request as long to get there.
      await later(5_000 - 118);
      const told = await say(world.edges.us, far);
      const { stages } = await world.edges.us.traceOf(told.requestId);
      expect(stages.filter(({ stage }) => stage === 'origin')).toMatchObject([{ decision: 'sg-llama' }]);
    }
  });
});

describe('under load', () => {
  const AWAY_WITHIN_MS = 120_000;
  const BACK_WITHIN_MS = 240_000;

  it('an origin that dies costs nobody an error whose stream had not begun; the others’ end with one', async () => {
    const { sg } = world.regions;
    const kills: Promise<void>[] = [];
    const onText = ({ origin, text }: Readonly<Told>): void => {
      if (kills.length === 0 && origin === sg.origin && text.length > 20) {
        kills.push(sg.server.kill());
      }
    };
    const load = startLoad(edges, { clients: 2, wish: { model: LLAMA, maxTokens: 120, onText } });
    try {
      await waitFor('a stream under way at sg', () => kills.length > 0, AWAY_WITHIN_MS);
      await Promise.all(kills);
      const before = load.ended.length;
      await waitFor('many streams more', () => load.ended.length > before + 40, AWAY_WITHIN_MS);
    } finally {
      await load.stop();
    }
    const [whole, broken] = partition(load.ended, ({ isDone, error }) => isDone && error === null);
    expect(whole.filter(({ finishReason, fault }) => finishReason !== 'length' || fault !== null)).toEqual([]);
    expect(broken.length).toBeGreaterThan(0);
    for (const told of broken) {
      expect(told).toMatchObject({ status: 200, origin: sg.origin, error: { code: 'origin_failed' }, fault: null });
      expect(told.text).not.toBe('');
      const trace = await world.edges.sg.traceOf(told.requestId);
      expect(trace).toMatchObject({ ended: 'cut', completion_tokens: told.text.length });
    }
    expect(await originsOf(world.edges.sg)).not.toContain(sg.origin);
  });

  it('requests leave an origin to which the way has become 200 ms longer', async () => {
    world.regions.us.slowDown(200);
    expect(await untilAllAsk(world.edges.us, 'eu-llama', AWAY_WITHIN_MS)).toBeLessThan(AWAY_WITHIN_MS);
  });

  it('both get their requests back', async () => {
    world.regions.us.slowDown(0);
    await world.regions.sg.server.start();
    const back = await Promise.all([
      untilAllAsk(world.edges.us, 'us-llama', BACK_WITHIN_MS),
      untilAllAsk(world.edges.sg, 'sg-llama', BACK_WITHIN_MS),
    ]);
    console.log(`back after ${back.map((ms) => `${Math.round(ms / 1000)} s`).join(' and ')}`);
    expect(Math.max(...back)).toBeLessThan(BACK_WITHIN_MS);
  });

  it('a region that falls silent ends the streams that have begun with an error; others are answered elsewhere', async () => {
    const { sg } = world.regions;
    const begun = Promise.withResolvers<void>();
    const open = say(world.edges.sg, {
      maxTokens: 600,
      onText: ({ text }) => {
        if (text.length > 20) {
          sg.setFault('silent');
          begun.resolve();
        }
      },
    });
    await Promise.race([begun.promise, open]);
    const next = await Promise.all([say(world.edges.sg), say(world.edges.sg)]);
    for (const told of next) {
      expect(told).toMatchObject({ status: 200, isDone: true, error: null });
      expect(told.origin).not.toBe(sg.origin);
    }
    expect(await open).toMatchObject({
      origin: sg.origin,
      error: { code: 'origin_timeout' },
      isDone: false,
      fault: null,
    });
    sg.setFault(null);
  });
});

interface Whole {
  choices: unknown;
  usage: { prompt_tokens: number; completion_tokens: number };
}

let asked = 0;

function say(edge: Edge, wish: Partial<ChatWish> = {}): Promise<Told> {
  const headers = { 'cache-control': 'no-store', ...wish.headers };
  return edge.chat({ model: LLAMA, text: `Question ${asked++}`, maxTokens: 8, ...wish, headers });
}

/** Where a gateway's requests go now, some of them one after another. */
async function originsOf(edge: Edge): Promise<(string | null)[]> {
  const origins: (string | null)[] = [];
  for (let i = 0; i < 5; i++) {
    const told = await say(edge);
    expect(told).toMatchObject({ status: 200, isDone: true, error: null });
    origins.push(told.origin);
  }
  return origins;
}

/** The milliseconds until all requests of a gateway go to one origin. Throws with what happened last. */
async function untilAllAsk(edge: Edge, origin: string, withinMs: number): Promise<number> {
  const since = performance.now();
  let last: (string | null)[] = [];
  const check = async (): Promise<boolean> => {
    last = await originsOf(edge);
    return last.every((one) => one === origin);
  };
  await waitFor(() => `${edge.colo} asks ${origin} (asked ${last.join(', ')})`, check, withinMs);
  return performance.now() - since;
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
