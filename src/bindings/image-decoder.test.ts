import { describe, expect, test } from 'vitest';
import { createImageDecoders, DECODERS_NEED, type Decoder, type ImageDecoders } from './image-decoder.ts';

const START_BYTES = 1_000_000;
const pixels = { data: new Uint8Array(4), width: 1, height: 1 };

/** Decoders that do as the image's first byte says: fail, break, or grow by so many MB. */
function createFakes(): { decoders: ImageDecoders; created: string[] } {
  const created: string[] = [];
  const create = (format: string) => (): Decoder => {
    created.push(format);
    let heapBytes = START_BYTES;
    return {
      decode([wish = 0], look) {
        if (wish === FAIL) {
          throw new Error('cut short');
        }
        if (wish === BREAK) {
          throw new WebAssembly.RuntimeError('unreachable');
        }
        heapBytes = Math.max(heapBytes, START_BYTES + wish * 1_000_000);
        look(pixels);
      },
      heapBytes: () => heapBytes,
    };
  };
  return { decoders: createImageDecoders({ jpeg: create('jpeg'), png: create('png') }), created };
}
const FAIL = 254;
const BREAK = 255;

function ask(decoders: ImageDecoders, wish = 0, format: 'jpeg' | 'png' = 'jpeg', width = 1): Promise<true | null> {
  return decoders.decode({ format, width, height: 1 }, Uint8Array.of(wish), () => true);
}

describe('createImageDecoders()', () => {
  test('gives nothing where there are other pixels than the header promised', async () => {
    const { decoders } = createFakes();
    expect([await ask(decoders, 0, 'jpeg', 2), await ask(decoders)]).toEqual([null, true]);
  });

  test('keeps a decoder that could not read an image, but not for ever', async () => {
    const { decoders, created } = createFakes();
    for (let at = 0; at < 7; at++) {
      expect(await ask(decoders, FAIL)).toBeNull();
    }
    expect([await ask(decoders), created]).toEqual([true, ['jpeg']]);
    await ask(decoders, FAIL);
    expect([await ask(decoders), created]).toEqual([true, ['jpeg', 'jpeg']]);
  });

  test('drops one that broke', async () => {
    const { decoders, created } = createFakes();
    expect([await ask(decoders, BREAK), await ask(decoders), created]).toEqual([null, true, ['jpeg', 'jpeg']]);
  });

  test('keeps the heap of a large image for the next', async () => {
    const { decoders, created } = createFakes();
    await ask(decoders, 20);
    await ask(decoders, 20);
    expect(created).toEqual(['jpeg']);
  });

  test('drops a grown heap before the other format is decoded, and none that is as it began', async () => {
    const { decoders, created } = createFakes();
    await ask(decoders);
    await ask(decoders, 15, 'png');
    await ask(decoders);
    await ask(decoders, 0, 'png');
    expect(created).toEqual(['jpeg', 'png', 'png']);
  });

  test('drops a heap that is larger than what is kept free', async () => {
    const { decoders, created } = createFakes();
    await ask(decoders, DECODERS_NEED.bufferBytes / 1_000_000 + 1);
    await ask(decoders);
    expect(created).toEqual(['jpeg', 'jpeg']);
  });
});
