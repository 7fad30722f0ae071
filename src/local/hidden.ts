/** The state that passes between a model's stages. */
export interface Hidden {
  /** Row-major [tokens, width], float32. */
  values: Float32Array;
  tokens: number;
  width: number;
}
