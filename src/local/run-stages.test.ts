import { describe, expect, it } from 'vitest';
import type { Hidden } from './hidden.ts';
import { runStages, runToEnd } from './run-stages.ts';

const embedded: Hidden = { values: Float32Array.of(1), tokens: 1, width: 1 };

function addingStages(amounts: number[]) {
  const ran: number[] = [];
  const stages = amounts.map((amount) => ({
    run: (hidden: Hidden) => {
      ran.push(amount);
      return Promise.resolve({ ...hidden, values: hidden.values.map((value) => value + amount) });
    },
  }));
  return { stages, ran };
}

describe('runStages()', () => {
  it('runs nothing further once the caller stops', async () => {
    const { stages, ran } = addingStages([10, 100, 1_000]);
    for await (const { values } of runStages(stages, embedded)) {
      if (values[0] === 111) {
        break;
      }
    }
    expect(ran).toEqual([10, 100]);
  });
});

describe('runToEnd()', () => {
  it('passes each stage the former’s hidden state', async () => {
    const { stages } = addingStages([10, 100, 1_000]);
    expect((await runToEnd(stages, embedded)).values).toEqual(Float32Array.of(1_111));
  });
});
