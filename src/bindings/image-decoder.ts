/**
 * The decoders of JPEG and PNG, as one part of the models' memory. An instance serves many images; one that failed, or
 * whose heap grew for a large image, is dropped.
 */
import type { Memory } from '../local/make-room.ts';
import type { Pixels } from '../local/image/shrink.ts';

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

/** mozjpeg begins with 16.1 MiB, the png crate with 1.1. */
export const DECODERS_NEED: Memory = { heapBytes: 0, bufferBytes: 18 * 1024 * 1024 };

export interface ImageDecoders {
  /** What `look` gave; null where the file cannot be decoded to its end. Nothing waits for I/O. */
  decode<T>(format: 'jpeg' | 'png', bytes: Uint8Array, look: (pixels: Pixels) => T): Promise<T | null>;
}

export type CreateDecoder = () => Decoder | Promise<Decoder>;

export function createImageDecoders(create: Readonly<Record<'jpeg' | 'png', CreateDecoder>>): ImageDecoders {
  const kept = new Map<string, { decoder: Decoder; bytes: number }>();

  return {
    async decode(format, bytes, look) {
      const { decoder, bytes: before } = kept.get(format) ?? (await start(format));
      let seen: { value: ReturnType<typeof look> } | null = null;
      try {
        decoder.decode(bytes, (pixels) => {
          seen = { value: look(pixels) };
        });
        if (decoder.heapBytes() > before) {
          kept.delete(format);
        }
      } catch {
        kept.delete(format);
        return null;
      }
      return toValue(seen);
    },
  };

  async function start(format: 'jpeg' | 'png'): Promise<{ decoder: Decoder; bytes: number }> {
    const decoder = await create[format]();
    const started = { decoder, bytes: decoder.heapBytes() };
    kept.set(format, started);
    return started;
  }
}

function toValue<T>(seen: { value: T } | null): T | null {
  return seen?.value ?? null;
}
