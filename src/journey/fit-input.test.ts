import { describe, expect, it } from 'vitest';
import { jpegOf } from '../../test/support/image-files.ts';
import { MOOD } from '../../test/support/fake-classifier.ts';
import { fitInput, fitInputs } from './fit-input.ts';

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

describe('fitInputs()', () => {
  const large = { kind: 'image', bytes: jpegOf({ width: 3000, height: 2000 }) } as const;

  it('gives all inputs as the task takes them', () => {
    const url = `data:image/jpeg;base64,${btoa(String.fromCharCode(...large.bytes))}`;
    expect(fitInputs([text(url), large], IMAGES)).toEqual({ ok: true, value: [large, large] });
    expect(fitInputs([text('so glad')], MOOD)).toEqual({ ok: true, value: [text('so glad')] });
  });

  it('names the image with which a request comes to more than may be decoded', () => {
    expect(fitInputs([large, large, large], IMAGES)).toMatchObject({
      ok: false,
      problem: { place: 2, fault: { kind: 'bad-image', isTooLarge: true } },
    });
  });

  it('names the first that does not fit', () => {
    expect(fitInputs([large, text('so glad')], IMAGES)).toMatchObject({ ok: false, problem: { place: 1 } });
    expect(fitInputs([text('so glad'), large], MOOD)).toMatchObject({ ok: false, problem: { place: 1 } });
  });
});
