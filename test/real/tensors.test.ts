/** Tensors over real MLServers in three regions, by the Open Inference Protocol: the nearest first, and another where one dies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Edge } from './edge.ts';
import { DOUBLER } from './model-servers.ts';
import { waitFor } from './wait-for.ts';
import { REGIONS, startWorld, type World } from './world.ts';

/** The first time, llama.cpp is built as well. */
const SET_UP_WITHIN_MS = 3_600_000;
const AWAY_WITHIN_MS = 120_000;
const BACK_WITHIN_MS = 240_000;

const PATH = `/v2/models/${DOUBLER}`;

let world: World;

beforeAll(async () => {
  world = await startWorld('tensors');
}, SET_UP_WITHIN_MS);
afterAll(() => world?.stop());

describe('a model of tensors', () => {
  it.each(REGIONS)('answers at %s from the nearest server, as that answers', async (name) => {
    const { [name]: edge } = world.edges;
    const body = toBody([1, 2, 3, 4.5]);
    const direct = await fetch(`${world.regions[name].server.url}${PATH}/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const response = await edge.ask(`${PATH}/infer`, body);
    expect([response.status, response.headers.get('x-perigee-origin')]).toEqual([200, `${name}-mlserver`]);
    expect(response.headers.get('content-type')).toBe('application/json');
    const answer = await response.json();
    expect(answer).toEqual(await direct.json());
    expect(answer).toMatchObject({ id: 'mine', outputs: [{ name: 'doubled', shape: [1, 4], data: [2, 4, 6, 9] }] });
  });

  it('says what it is, and that it is ready', async () => {
    const metadata = await world.edges.eu.ask(PATH);
    expect(await metadata.json()).toMatchObject({ name: DOUBLER, inputs: [{ name: 'values', datatype: 'FP32' }] });
    const ready = await world.edges.eu.ask(`${PATH}/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { name: DOUBLER, ready: true }]);
  });

  it('refuses what its server refuses, in the server’s words, and is asked on', async () => {
    const response = await world.edges.eu.ask(`${PATH}/infer`, { inputs: [{ name: 'values', shape: [1, 4] }] });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await originOf(world.edges.eu)).toBe('eu-mlserver');
  });

  it('what makes every server fail is held against none of them', async () => {
    const origins: (string | null)[] = [];
    for (let round = 0; round < 4; round++) {
      const response = await world.edges.eu.ask(`${PATH}/infer`, { inputs: [] });
      expect(response.status).toBe(502);
      await response.arrayBuffer();
      origins.push(await originOf(world.edges.eu));
    }
    expect(origins.filter((origin) => origin === 'eu-mlserver').length).toBeGreaterThan(2);
  });

  it('goes on where a server dies under load, and comes back to it', async () => {
    const { eu } = world.regions;
    const asked: { status: number; data: unknown; origin: string | null }[] = [];
    const stopping = new AbortController();
    const run = async (first: number): Promise<void> => {
      for (let value = first; !stopping.signal.aborted; value += 10) {
        const response = await world.edges.eu.ask(`${PATH}/infer`, toBody([value, 0, 0, 0]));
        const { outputs } = (await response.json()) as { outputs?: { data: number[] }[] };
        const isRight = outputs?.[0]?.data[0] === 2 * value;
        asked.push({ status: response.status, data: isRight, origin: response.headers.get('x-perigee-origin') });
      }
    };
    const clients = Promise.all([run(1), run(2), run(3), run(4)]);
    try {
      await waitFor('answers', () => asked.length > 20, AWAY_WITHIN_MS);
      await eu.server.kill();
      const before = asked.length;
      await waitFor('answers of others', () => asked.length > before + 40, AWAY_WITHIN_MS);
    } finally {
      stopping.abort();
      await clients;
    }
    expect(asked.filter(({ status, data }) => status !== 200 || data !== true)).toEqual([]);
    expect(asked.at(0)?.origin).toBe('eu-mlserver');
    expect(asked.at(-1)?.origin).toBe('us-mlserver');

    await eu.server.start();
    const isBack = async (): Promise<boolean> => (await originOf(world.edges.eu)) === 'eu-mlserver';
    await waitFor('eu has its requests back', isBack, BACK_WITHIN_MS);
  });
});

function toBody(data: readonly number[]): Record<string, unknown> {
  return { id: 'mine', inputs: [{ name: 'values', datatype: 'FP32', shape: [1, 4], data }] };
}

async function originOf(edge: Edge): Promise<string | null> {
  const response = await edge.ask(`${PATH}/infer`, toBody([0, 0, 0, 0]));
  expect(response.status).toBe(200);
  await response.arrayBuffer();
  return response.headers.get('x-perigee-origin');
}
