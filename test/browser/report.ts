/** What the test asks the page, and what the page says. */
import type { ProviderChoice } from '../../src/local/choose-provider.ts';

export interface PageInput {
  texts: { task: string; text: string }[];
}

export interface Answers {
  choice: ProviderChoice;
  /** By text. */
  labels: number[];
  probabilities: number[][];
  /** Milliseconds of each text. */
  tookMs: number[];
}

export interface PageReport {
  /** What the browser says of its adapter. */
  adapter: Record<string, string | boolean>;
  text: { measured: ProviderChoice; wasm: Answers; webgpu: Answers };
  minilm: { wasm: number[][]; webgpu: number[][]; choice: ProviderChoice };
  /** The device is destroyed between two texts. */
  lost: { before: ProviderChoice; after: ProviderChoice; probabilities: number[][] };
  heapMiB: number;
}
