import { describe, expect, it } from 'vitest';
import { MOOD } from '../../test/support/fake-classifier.ts';
import { fitInput } from './fit-input.ts';

const IMAGES = { ...MOOD, takes: 'image' } as const;
const FILE = { kind: 'image', bytes: Uint8Array.of(1, 2, 3) } as const;
const text = (words: string) => ({ kind: 'text', text: words }) as const;

describe('fitInput()', () => {
  it.each([
    [MOOD, text('so glad'), text('so glad')],
    [MOOD, { kind: 'tokens', ids: [1] } as const, { kind: 'tokens', ids: [1] }],
    [IMAGES, FILE, FILE],
    [IMAGES, text('data:image/png;base64,AQID'), FILE],
  ])('takes what the task takes', (task, input, fitted) => {
    expect(fitInput(input, task)).toEqual({ ok: true, value: fitted });
  });

  it.each([
    [MOOD, FILE, 'text'],
    [MOOD, text('data:image/png;base64,AQID'), 'text'],
    [IMAGES, { kind: 'tokens', ids: [1] } as const, 'image'],
  ])('refuses what it does not', (task, input, takes) => {
    expect(fitInput(input, task)).toEqual({ ok: false, problem: { kind: 'wrong-kind', takes } });
  });

  it('says what a text should have been', () => {
    expect(fitInput(text('so glad'), IMAGES)).toMatchObject({ ok: false, problem: { kind: 'bad-image' } });
  });
});
