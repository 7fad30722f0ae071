import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenReader } from './read-tokens.ts';

const event = (sentUs: number): string =>
  `data: {"choices":[{"delta":{"content":"a"}}],"simulator_sent_us":${sentUs}}\n\n`;
const stream = `data: {"choices":[]}\n\n${[5, 60, 700].map(event).join('')}data: [DONE]\n\n`;

test('createTokenReader() finds each token and the end, wherever the bytes are split', () => {
  const cuts = array(integer({ min: 0, max: stream.length }), { maxLength: 8 });
  assert(
    property(cuts, (places) => {
      const reader = createTokenReader();
      const bounds = [0, ...places.toSorted((a, b) => a - b), stream.length];
      for (const [nth, end] of bounds.slice(1).entries()) {
        reader.read(stream.slice(bounds[nth], end), nth);
      }
      expect(reader.sentUs).toEqual([5, 60, 700]);
      expect(reader.arrivedUs).toEqual(reader.arrivedUs.toSorted((a, b) => a - b));
      expect(reader.isDone).toBe(true);
    }),
  );
});

test('createTokenReader() gives a token the time of the part that ends its event', () => {
  const reader = createTokenReader();
  reader.read(`${event(5)}${event(60).slice(0, -1)}`, 1000);
  expect(reader.arrivedUs).toEqual([1000]);
  reader.read('\n', 2000);
  expect([reader.sentUs, reader.arrivedUs, reader.isDone]).toEqual([[5, 60], [1000, 2000], false]);
});
