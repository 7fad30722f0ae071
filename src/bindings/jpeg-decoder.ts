/**
 * mozjpeg, as @jsquash/jpeg builds it. Its own wrapper copies the pixels out of the heap, by way of two globals that it
 * looks up at its first image: while it decodes, both are this file's, so that the pixels are looked at where they lie.
 * For nine million pixels that is 36 MB less. Nothing waits in between, so no one else sees those globals.
 */
import createModule from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
// By its path: wrangler does not resolve a package's exports for WebAssembly modules.
import jpegWasm from '../../node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import type { Pixels } from '../local/image/shrink.ts';
import { findExportedMemory, type Decoder, type Look } from './image-decoder.ts';

interface JpegModule {
  decode(bytes: Uint8Array, turnsUpright: boolean): unknown;
}

interface JpegOptions {
  noInitialRun: true;
  locateFile: (name: string) => string;
  printErr: (line: string) => void;
  instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object;
}

export async function createJpegDecoder(): Promise<Decoder> {
  const complaints: string[] = [];
  let memory: WebAssembly.Memory | null = null;
  const create = createModule as unknown as (options: JpegOptions) => Promise<JpegModule>;
  const module = await create({
    noInitialRun: true,
    locateFile: (name) => name,
    // What libjpeg warns of, once an image.
    printErr: (line) => void complaints.push(line),
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(jpegWasm, imports);
      memory = findExportedMemory(instance);
      done(instance);
      return instance.exports;
    },
  });
  let look: Look | null = null;
  const globals = {
    Uint8ClampedArray: keepView,
    ImageData: function show(data: Pixels['data'], width: number, height: number): void {
      look?.({ data, width, height });
    },
  };

  return {
    decode(bytes, given) {
      complaints.length = 0;
      look = given;
      withGlobals(globals, () => module.decode(bytes, false));
      // Only the first is heard of, so a harmless one may stand before others: any is a fault.
      const [complaint] = complaints;
      if (complaint !== undefined) {
        throw new Error(`JPEG: ${complaint}`);
      }
    },
    heapBytes: () => memory?.buffer.byteLength ?? 0,
  };
}

/** As a constructor: in place of a copy, the view on the heap itself. */
function keepView(view: Uint8Array): Uint8Array {
  return view;
}

function withGlobals(globals: Readonly<Record<string, unknown>>, work: () => void): void {
  const names = Object.keys(globals);
  const before = names.map((name) => Reflect.getOwnPropertyDescriptor(globalThis, name));
  try {
    for (const name of names) {
      Reflect.defineProperty(globalThis, name, { value: globals[name], configurable: true, writable: true });
    }
    work();
  } finally {
    names.forEach((name, at) => {
      const descriptor = before[at];
      if (descriptor === undefined) {
        Reflect.deleteProperty(globalThis, name);
      } else {
        Reflect.defineProperty(globalThis, name, descriptor);
      }
    });
  }
}
