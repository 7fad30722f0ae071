import { describe, expect, test } from 'vitest';
import { createFakePorts, type FakePorts } from '../../test/support/fake-ports.ts';
import { MOOD } from '../../test/support/fake-classifier.ts';
import { answerByNumber } from '../../test/support/journey.ts';
import { ALICE, CONTROLS } from '../../test/support/samples.ts';
import type { ClassifyFault } from '../contract/ports.ts';
import type { Problem } from '../contract/problem.ts';
import type { ClassifyRequest, Controls } from '../contract/request.ts';
import { classifyInputs, describeExits, giveFeedback, type ClassifyAnswer } from './classify-inputs.ts';

const SURE = 'so glad';
const LESS_SURE = 'one two three four five six';
const UNSURE = 'one two three four five six seven eight nine';

function requestOf(texts: readonly string[], controls: Partial<Controls> = {}, id = 'req_1'): ClassifyRequest {
  const inputs = texts.map((text) => ({ kind: 'text', text }) as const);
  return {
    id,
    model: 'mood',
    inputs,
    field: 'input',
    truncateTo: -1,
    tenant: ALICE,
    controls: { ...CONTROLS, ...controls },
    signal: new AbortController().signal,
  };
}

function portsWith({ share = 0 } = {}): FakePorts {
  const ports = createFakePorts(answerByNumber);
  ports.exits.served = { ...ports.exits.served, share };
  return ports;
}

async function classify(request: ClassifyRequest, ports: FakePorts): Promise<ClassifyAnswer> {
  const answer = await classifyInputs(request, MOOD, ports);
  if (!answer.ok) {
    throw new Error(`expected an answer, received ${JSON.stringify(answer.problem)}`);
  }
  return answer.value;
}

describe('classifyInputs()', () => {
  test('answers each input in its order, under the policy in force', async () => {
    const { results, tokens, served } = await classify(requestOf([UNSURE, SURE, LESS_SURE]), portsWith());
    expect(results.map(({ exit, label }) => [exit, label])).toEqual([
      [null, 0],
      [0, 1],
      [1, 0],
    ]);
    expect([tokens, served.version]).toEqual([11 + 4 + 8, 'fake-1']);
  });

  test('runs to the end where exits are off', async () => {
    const { results } = await classify(requestOf([SURE], { exits: 'off' }), portsWith());
    expect(results.map(({ exit }) => exit)).toEqual([null]);
  });

  test('asks for the policy that keeps the accuracy asked for', async () => {
    const ports = portsWith();
    await classify(requestOf([SURE], { accuracy: 0.99 }), ports);
    await classify(requestOf([SURE]), ports);
    expect(ports.exits.asked).toEqual([
      { task: 'mood', exits: 'on', accuracy: 0.99 },
      { task: 'mood', exits: 'on', accuracy: null },
    ]);
  });

  test('notes every passage', async () => {
    const ports = portsWith();
    await classify(requestOf([SURE, UNSURE]), ports);
    await classify(requestOf([SURE], { exits: 'off' }), ports);
    expect(ports.exits.noted.map(({ passage }) => passage.exit)).toEqual([0, null, null]);
    expect(ports.exits.noted[0]?.passage).toEqual({ confidences: [0.99, null, null], exit: 0 });
  });

  test.each<[string, ClassifyFault, Partial<Problem>]>([
    ['is empty', { kind: 'empty' }, { kind: 'invalid', param: 'input[0]', code: 'invalid_value' }],
    [
      'is too long',
      { kind: 'too-long', tokens: 300, maxTokens: 256 },
      { kind: 'invalid', param: 'input[0]', code: 'context_length_exceeded' },
    ],
    ['has a strange token', { kind: 'bad-token', id: -1, vocabulary: 9 }, { kind: 'invalid', param: 'input[0]' }],
    [
      'has no model',
      { kind: 'unavailable', detail: 'no memory' },
      { kind: 'model-unavailable', model: 'text', detail: 'no memory' },
    ],
  ])('names an input that %s', async (_, fault, problem) => {
    const ports = portsWith();
    ports.classifier.fault = fault;
    expect(await classifyInputs(requestOf([SURE]), MOOD, ports)).toMatchObject({ ok: false, problem });
  });

  test('stops where the client has left', async () => {
    const request = { ...requestOf([SURE]), signal: AbortSignal.abort() };
    const ports = portsWith();
    expect(await classifyInputs(request, MOOD, ports)).toEqual({ ok: false, problem: { kind: 'cancelled' } });
    expect(ports.classifier.calls).toEqual([]);
  });

  test('samples the share that the policy asks for', async () => {
    const ports = portsWith({ share: 0.25 });
    for (let at = 0; at < 400; at++) {
      await classify(requestOf([SURE], {}, `req_${at}`), ports);
    }
    const sampled = ports.classifier.calls.filter(({ options }) => options.isSampled).length;
    // Three standard deviations round 100.
    expect(Math.abs(sampled - 100)).toBeLessThan(26);
  });

  test('samples nothing while others wait', async () => {
    const ports = portsWith({ share: 1 });
    ports.classifier.waiting = 1;
    const { sampled } = await classify(requestOf([SURE]), ports);
    expect([sampled, ports.classifier.calls.map(({ options }) => options.isSampled)]).toEqual([[], [false]]);
  });

  test('samples no more inputs of one request than memory has room for', async () => {
    const places = new Set<number>();
    for (let at = 0; at < 40; at++) {
      const texts = Array.from({ length: 50 }, () => SURE);
      const { sampled } = await classify(requestOf(texts, {}, `req_${at}`), portsWith({ share: 1 }));
      expect(sampled).toHaveLength(8);
      sampled.forEach((place) => places.add(place));
    }
    // From anywhere in the request: 320 draws leave out 1 place in 1,000.
    expect(places.size).toBeGreaterThan(47);
  });
});

describe('giveFeedback()', () => {
  test('reports how the ramps of each sampled input compare, early exit or not', async () => {
    const ports = portsWith({ share: 1 });
    const request = requestOf([`${SURE} wrong`, UNSURE]);
    const answer = await classify(request, ports);
    expect([answer.results[0]?.label, ports.classifier.finished]).toEqual([0, []]);
    expect(await giveFeedback(request, answer, ports)).toBe(2);
    expect(ports.exits.reported).toEqual([
      { task: 'mood', sample: sampleOf([0.99, 0.97, 0.6], [false, true, true]) },
      { task: 'mood', sample: sampleOf([0.6, 0.6, 0.6], [true, true, true]) },
    ]);
    const keys = ports.exits.reported.map(({ sample }) => sample.key);
    expect(new Set(keys).size).toBe(2);
  });

  test('runs nothing further while others wait', async () => {
    const ports = portsWith({ share: 1 });
    const request = requestOf([SURE, SURE]);
    const answer = await classify(request, ports);
    ports.classifier.waiting = 1;
    expect([await giveFeedback(request, answer, ports), ports.classifier.finished]).toEqual([0, []]);
  });

  test('reports none of a request where one is lost: what is left would lean to one side', async () => {
    const ports = portsWith({ share: 1 });
    const request = requestOf([SURE, UNSURE]);
    const answer = await classify(request, ports);
    const [lost, ...others] = answer.results;
    const results = lost === undefined ? [] : [{ ...lost, finish: () => Promise.resolve(null) }, ...others];
    expect([await giveFeedback(request, { ...answer, results }, ports), ports.exits.reported]).toEqual([0, []]);
  });
});

describe('describeExits()', () => {
  test.each([
    [[1], 'exit 2'],
    [[null], 'full'],
    [[0, null, 0, 4], 'exit 1: 2, exit 5: 1, full: 1'],
  ])('of %j says %j', (exits, words) => {
    expect(describeExits(exits.map((exit) => ({ exit })))).toBe(words);
  });
});

function sampleOf(confidences: number[], agrees: boolean[]): object {
  return { key: expect.any(Number) as number, confidences, agrees };
}
