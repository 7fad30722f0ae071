import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRelay } from './relay.ts';
import { readerOf, chunk, COUNTED, OPTIONS, readAll, ROLE, sse, USAGE } from './sse.fixture.ts';

/** Contents that look like usage, errors or the end. */
const TRAPS = [
  '"usage":{"prompt_tokens":9,"completion_tokens":9}',
  '"error"',
  '{"error":{"message":"no"}}',
  'data: [DONE]\n\n',
  '[DONE]',
  'a\u2028b\r\n\0',
];

describe('openRelay() passes on', () => {
  test('gives the same whatever way the bytes are split', async () => {
    const data = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((content) => chunk({ choices: [{ delta: { content } }] })),
      fc.constantFrom(ROLE, USAGE, chunk({ choices: [{ delta: { content: 'x' } }], usage: null })),
      fc.constantFrom(...TRAPS.map((content) => chunk({ choices: [{ delta: { content } }] }))),
      fc.constant('{"choices":[],\n"created":1}'),
    );
    const event = fc.oneof(
      {
        weight: 9,
        arbitrary: data.map(
          (text) =>
            text
              .split('\n')
              .map((line) => `data: ${line}\n`)
              .join('') + '\n',
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(': keep-alive\n\n', 'event: chunk\nid: 7\ndata: {"choices":[]}\n\n', '\n'),
      },
    );
    const ending = fc.constantFrom(
      'data: [DONE]\n\n',
      'data: [DONE]\n',
      'data: [DONE]',
      '',
      'data: {"cho',
      'data: {"error":{"message":"no"}}\n\n',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(event),
        ending,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat({ max: 10_000 })),
        async (events, last, newline, cuts) => {
          const bytes = new TextEncoder().encode([sse(ROLE), ...events, last].join('').replaceAll('\n', newline));
          // Cut only after the first event: what goes wrong before is for the caller, not for the stream.
          const head = new TextEncoder().encode(sse(ROLE).replaceAll('\n', newline)).length;
          const [whole, parted] = await Promise.all([
            run(split(bytes, [head + 1])),
            run(split(bytes, [head + 1, ...cuts.map((cut) => head + 1 + cut)])),
          ]);
          expect(parted).toEqual(whole);
        },
      ),
    );
  });

  test.each(TRAPS)('takes content for content: %s', async (content) => {
    const trap = chunk({ choices: [{ index: 0, delta: { content } }] });
    const relay = await openRelay(readerOf(sse(ROLE), sse(trap, '[DONE]')), OPTIONS);
    expect(await readAll(relay)).toBe(sse(ROLE, trap, '[DONE]'));
    expect(await relay.ended).toMatchObject({ kind: 'complete', events: [ROLE, trap], usage: null });
  });

  test('takes nested usage and error members for what they are', async () => {
    const nested = chunk({
      choices: [{ delta: { tool: { usage: { prompt_tokens: 1, completion_tokens: 1 }, error: {} } } }],
      error: null,
    });
    const relay = await openRelay(readerOf(sse(ROLE, nested, '[DONE]')), OPTIONS);
    expect(await readAll(relay)).toBe(sse(ROLE, nested, '[DONE]'));
    expect(await relay.ended).toMatchObject({ kind: 'complete', usage: null });
  });

  test('keeps the usage that comes with the last content', async () => {
    const last = chunk({
      choices: [{ delta: { content: '!' }, finish_reason: 'stop' }],
      usage: COUNTED.reported,
    });
    const relay = await openRelay(readerOf(sse(ROLE, last, '[DONE]')), OPTIONS);
    expect(await readAll(relay)).toBe(sse(ROLE, last, '[DONE]'));
    expect(await relay.ended).toMatchObject({ events: [ROLE, last], usage: COUNTED });
  });

  test('passes comments on once the head has left, and event names and ids', async () => {
    const text =
      ': early\n\n' +
      sse(ROLE) +
      ': keep-alive\n\n' +
      'event: chunk\nid: 7\ndata: {"choices":[],\ndata: "a":1}\n\n' +
      sse('[DONE]');
    const relay = await openRelay(readerOf(text), OPTIONS);
    expect(await readAll(relay)).toBe(text.replace(': early\n\n', ''));
  });
});

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return ends.slice(1).map((end, index) => bytes.slice(ends[index], end));
}

async function run(parts: readonly Uint8Array[]) {
  try {
    const relay = await openRelay(readerOf(...parts), OPTIONS);
    return { text: await readAll(relay), end: await relay.ended };
  } catch (fault) {
    return { fault };
  }
}
