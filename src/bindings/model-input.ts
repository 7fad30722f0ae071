/** What a model makes of an input: its first state. Texts by tokenizer and word table, images by decoder. */
import type { ClassifyFault, ClassifyOptions } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { ClassifyInput, TextPair } from '../contract/request.ts';
import type { Hidden } from '../local/hidden.ts';
import { badImage } from '../local/image/fault.ts';
import { readImageHeader } from '../local/image/header.ts';
import { toState } from '../local/image/to-state.ts';
import type { ImageManifest, StagedManifest, TextManifest } from '../local/manifest.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';
import { createPairInput } from './pair-input.ts';

export interface FirstState {
  state: Hidden;
  /** Special ones included; 0 of an image. */
  tokens: number;
  wasTruncated: boolean;
}

export type StagedInput = ClassifyInput | TextPair;

export interface ModelInput {
  /** What it read from is kept in memory until `work` has ended. Throws where that cannot be loaded. */
  use<T>(
    input: StagedInput,
    options: Pick<ClassifyOptions, 'truncateTo'>,
    background: Background,
    work: (first: FirstState) => Promise<Result<T, ClassifyFault>>,
  ): Promise<Result<T, ClassifyFault>>;
}

/** The classifier token and the separator. */
const SPECIAL_TOKENS = 2;

export function createModelInput(manifest: StagedManifest, parts: ModelParts): ModelInput {
  switch (manifest.task) {
    case 'classification':
      return createTextInput(manifest, parts);
    case 'pair-classification':
      return createPairInput(manifest, parts);
    case 'image-classification':
      return createImageInput(manifest, parts);
  }
}

function createTextInput(manifest: TextManifest, parts: ModelParts): ModelInput {
  const text = parts.text(manifest);
  return {
    use: (input, options, background, work) =>
      text.use(background, async (words) => {
        if (input.kind === 'image' || input.kind === 'pair') {
          return fail({ kind: 'wrong-kind', takes: 'text' });
        }
        const encoded = words.encode(input, options, manifest.input);
        if (!encoded.ok) {
          return encoded;
        }
        const { ids, wasCut } = encoded.value;
        return ids.length <= SPECIAL_TOKENS && !wasCut
          ? fail({ kind: 'empty' })
          : work({ state: words.gather(ids), tokens: ids.length, wasTruncated: wasCut });
      }),
  };
}

function createImageInput({ input: size }: ImageManifest, parts: ModelParts): ModelInput {
  const images = parts.images();
  return {
    use: async (input, _options, background, work) => {
      const state = await read(input, background);
      return state.ok ? work({ state: state.value, tokens: 0, wasTruncated: false }) : state;
    },
  };

  async function read(input: StagedInput, background: Background): Promise<Result<Hidden, ClassifyFault>> {
    if (input.kind !== 'image') {
      return fail({ kind: 'wrong-kind', takes: 'image' });
    }
    const { bytes } = input;
    const header = readImageHeader(bytes);
    if (!header.ok) {
      return header;
    }
    const { format, orientation } = header.value;
    const state = await images.use(background, (decoders) =>
      parts.takeTurn(() => decoders.decode(header.value, bytes, (pixels) => toState(pixels, orientation, size))),
    );
    return state === null ? badImage(`a whole ${format.toUpperCase()}`, 'one that cannot be decoded') : succeed(state);
  }
}
