/**
 * The decoders of JPEG and PNG, as one part of the models' memory. An instance serves many images, of which one is decoded
 * at a time; how long it is kept is decided here.
 */
import type { ImageHeader } from '../local/image/header.ts';
import type { Pixels } from '../local/image/shrink.ts';
import type { Memory } from '../local/make-room.ts';

/** Sees pixels that lie in a decoder's heap: they are gone when it returns. */
export type Look = (pixels: Pixels) => void;

export interface Decoder {
  /** Calls `look` once. Throws where the file cannot be decoded to its end. */
  decode(bytes: Uint8Array, look: Look): void;
  heapBytes(): number;
}

export function findExportedMemory({ exports }: WebAssembly.Instance): WebAssembly.Memory {
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) {
    throw new Error('image decoder: expected WebAssembly that exports its memory');
  }
  return memory;
}

/** The largest image that may be decoded, and the other decoder at rest: measured (docs/decisions/0007). */
export const DECODERS_NEED: Memory = { heapBytes: 0, bufferBytes: 35 * 1024 * 1024 };

/** A decoder that stops half-way leaves its stack where it was, and mozjpeg's is full after 70 such images: measured. */
const MAX_FAILURES = 8;

export interface ImageDecoders {
  /**
   * What `look` gave; null where the file cannot be decoded to its end, or its pixels are not as many as its header
   * said. Nothing waits for I/O.
   */
  decode<T>(
    header: Pick<ImageHeader, 'format' | 'width' | 'height'>,
    bytes: Uint8Array,
    look: (pixels: Pixels) => T,
  ): Promise<T | null>;
}

export type CreateDecoder = () => Decoder | Promise<Decoder>;

interface Kept {
  decoder: Decoder;
  /** Of its heap before the first image. */
  startBytes: number;
  failures: number;
}

export function createImageDecoders(create: Readonly<Record<'jpeg' | 'png', CreateDecoder>>): ImageDecoders {
  const kept = new Map<ImageHeader['format'], Kept>();

  return {
    async decode({ format, width, height }, bytes, look) {
      dropGrownBut(format);
      const own = kept.get(format) ?? (await start(format));
      let seen: { value: ReturnType<typeof look> } | null = null;
      try {
        own.decoder.decode(bytes, (pixels) => {
          if (pixels.width === width && pixels.height === height) {
            seen = { value: look(pixels) };
          }
        });
      } catch (error) {
        seen = null;
        own.failures++;
        if (error instanceof WebAssembly.RuntimeError || own.failures >= MAX_FAILURES) {
          kept.delete(format);
        }
      }
      if (heldBytes() > DECODERS_NEED.bufferBytes) {
        kept.delete(format);
      }
      return toValue(seen);
    },
  };

  /** One that grew for a large image keeps that heap for the next; the other format's largest would not fit beside it. */
  function dropGrownBut(format: ImageHeader['format']): void {
    for (const [other, { decoder, startBytes }] of kept) {
      if (other !== format && decoder.heapBytes() > startBytes) {
        kept.delete(other);
      }
    }
  }

  async function start(format: ImageHeader['format']): Promise<Kept> {
    const decoder = await create[format]();
    const started = { decoder, startBytes: decoder.heapBytes(), failures: 0 };
    kept.set(format, started);
    return started;
  }

  function heldBytes(): number {
    return [...kept.values()].reduce((sum, { decoder }) => sum + decoder.heapBytes(), 0);
  }
}

function toValue<T>(seen: { value: T } | null): T | null {
  return seen?.value ?? null;
}
