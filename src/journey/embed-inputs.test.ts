import { describe, expect, test } from 'vitest';
import { createFakePorts, type FakePorts } from '../../test/support/fake-ports.ts';
import { ALICE, CONTROLS } from '../../test/support/samples.ts';
import type { EmbedFault } from '../contract/ports.ts';
import type { Problem, Result } from '../contract/problem.ts';
import type { EmbeddingInput, EmbeddingRequest } from '../contract/request.ts';
import type { Trace } from '../contract/trace.ts';
import { embed, startRecord } from '../gateway.ts';
import type { EmbeddingAnswer } from './embed-inputs.ts';

describe('embed()', () => {
  test('gives a vector for each input in their order, and the tokens of all', async () => {
    const { result, trace } = await run({ inputs: [text('a b'), { kind: 'tokens', ids: [7592] }] });
    const { vectors, tokens, model } = valueOf(result);
    const [alone] = valueOf((await run({ inputs: [text('a b')] })).result).vectors;
    expect(vectors).toHaveLength(2);
    expect(vectors[0]).toEqual(alone);
    expect({ tokens, model }).toEqual({ tokens: 7, model: 'minilm' });
    expect(trace).toMatchObject({
      model: 'minilm',
      prompt_tokens: 7,
      tokens_from: 'local',
      stages: [{ stage: 'embed', decision: '2 inputs' }],
    });
  });

  test.each([
    [2, 2],
    [383, 383],
    [384, 384],
    [null, 384],
  ])('with dimensions %s gives %d, of unit length', async (dimensions, expected) => {
    const [vector] = valueOf((await run({ dimensions })).result).vectors;
    expect(vector).toHaveLength(expected);
    expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5);
  });

  test.each([
    ['nothing', true, {}],
    ["the request's residency", false, { controls: { ...CONTROLS, residency: 'eu' } }],
    ["the tenant's residency", false, { tenant: { ...ALICE, residency: 'eu' } }],
  ])('bound by %s lets vectors into KV: %s', async (_name, mayPersist, changes) => {
    const { ports } = await run({ ...changes, truncateTo: -1 });
    expect(ports.embedder.calls.map(({ options }) => options)).toMatchObject([{ mayPersist, truncateTo: -1 }]);
  });

  test.each<[string, EmbedFault, Problem]>([
    [
      'a text that is too long',
      { kind: 'too-long', tokens: 300, maxTokens: 256 },
      {
        kind: 'invalid',
        param: 'input[0]',
        message:
          'input[0]: expected at most 256 tokens, received 300. Set truncate_prompt_tokens to -1 to have longer texts cut.',
        code: 'context_length_exceeded',
      },
    ],
    [
      'a text too long to count',
      { kind: 'too-long', tokens: null, maxTokens: 256 },
      expect.objectContaining({ message: expect.stringContaining('received more.') }) as Problem,
    ],
    [
      'a token of another vocabulary',
      { kind: 'bad-token', id: 99_999, vocabulary: 30_522 },
      {
        kind: 'invalid',
        param: 'input[0]',
        message: "input[0]: expected ids of minilm's own vocabulary, 0 to 30521, received 99999.",
      },
    ],
    [
      'a model that is not there',
      { kind: 'unavailable', detail: 'x' },
      { kind: 'model-unavailable', model: 'minilm', detail: 'x' },
    ],
  ])('tells of %s', async (_name, fault, problem) => {
    const { result, trace } = await run({}, fault);
    expect(result).toEqual({ ok: false, problem });
    expect(trace.stages).toMatchObject([{ stage: 'embed', decision: expect.any(String) }]);
  });

  test('stops at the first input that fails, and names its place', async () => {
    const inputs = [text('a'), text('word '.repeat(300)), text('b')];
    const { result, ports } = await run({ inputs });
    expect(result).toMatchObject({ problem: { param: 'input[1]' } });
    expect(ports.embedder.calls).toHaveLength(2);
  });

  test.each<[string, Partial<EmbeddingRequest>, object]>([
    ['another model', { model: 'gpt-9' }, { kind: 'model-not-found', model: 'gpt-9' }],
    [
      'a model that the key may not use',
      { tenant: { ...ALICE, models: ['small'] } },
      { kind: 'forbidden', param: 'model' },
    ],
  ])('refuses %s, and embeds nothing', async (_name, changes, problem) => {
    const { result, ports } = await run(changes);
    expect(result).toMatchObject({ ok: false, problem });
    expect(ports.embedder.calls).toEqual([]);
  });
});

function text(words: string): EmbeddingInput {
  return { kind: 'text', text: words };
}

interface Run {
  result: Result<EmbeddingAnswer>;
  trace: Readonly<Trace>;
  ports: FakePorts;
}

async function run(changes: Partial<EmbeddingRequest>, fault: EmbedFault | null = null): Promise<Run> {
  const ports = createFakePorts(() => ({}));
  ports.embedder.fault = fault;
  const recorder = startRecord({ request_id: 'req_1', route: 'POST /v1/embeddings', colo: null }, ports);
  const request: EmbeddingRequest = {
    id: 'req_1',
    model: 'minilm',
    inputs: [text('Hello world')],
    signal: new AbortController().signal,
    dimensions: null,
    truncateTo: null,
    tenant: ALICE,
    controls: CONTROLS,
    ...changes,
  };
  return { result: await embed(request, ports, recorder), trace: recorder.trace, ports };
}

function valueOf(result: Result<EmbeddingAnswer>): EmbeddingAnswer {
  if (!result.ok) {
    throw new Error(`expected an answer, received ${result.problem.kind}`);
  }
  return result.value;
}
