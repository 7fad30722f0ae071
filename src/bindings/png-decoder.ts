/**
 * The png crate, as @jsquash/png builds it. The package's own glue keeps one instance for good and copies the pixels out
 * of it; an instance that grew for one large image would hold that memory ever after. So here is the little of the
 * glue that decoding needs.
 */
// By its path: wrangler does not resolve a package's exports for WebAssembly modules.
import * as pngWasmFile from '../../node_modules/@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import { trimPng } from '../local/image/png-header.ts';
import { findExportedMemory, type Decoder, type Look } from './image-decoder.ts';

// The package's types describe the instance; what is imported is the module.
const { default: pngWasm } = pngWasmFile as unknown as { default: WebAssembly.Module };

interface PngExports {
  __wbindgen_malloc: (bytes: number, alignment: number) => number;
  __wbindgen_free: (at: number, bytes: number, alignment: number) => void;
  decode: (at: number, bytes: number) => number;
}

type Imported = (...values: number[]) => number;

/** The import that is given the pixels; a digest of its build follows. */
const TAKES_PIXELS = '__wbg_newwithownedu8clampedarrayandsh_';
/** A handle on what it gives back, which nothing asks for. */
const NO_HANDLE = 132;

export function createPngDecoder(): Decoder {
  let look: Look | null = null;
  const wbg = Object.fromEntries(
    WebAssembly.Module.imports(pngWasm).map(({ name }) => [name, name.startsWith(TAKES_PIXELS) ? take : refuse]),
  );
  const instance = new WebAssembly.Instance(pngWasm, { wbg });
  const memory = findExportedMemory(instance);
  const { __wbindgen_malloc: allocate, __wbindgen_free: free, decode } = instance.exports as unknown as PngExports;

  return {
    decode(bytes, given) {
      look = given;
      const trimmed = trimPng(bytes);
      const at = allocate(trimmed.length, 1);
      new Uint8Array(memory.buffer).set(trimmed, at);
      // Frees what it is given.
      decode(at, trimmed.length);
    },
    heapBytes: () => memory.buffer.byteLength,
  };

  function take(at = 0, bytes = 0, width = 0, height = 0): number {
    look?.({ data: new Uint8Array(memory.buffer, at, bytes), width, height });
    free(at, bytes, 1);
    return NO_HANDLE;
  }
}

/** What the decoder calls for an image that it cannot read, and what it should never call. */
const refuse: Imported = () => {
  throw new Error('PNG: not readable');
};
