/**
 * A vector in fewer dimensions: the principal ones, turned so that each carries about as much. Pure.
 */
export interface ProjectionMatrix {
  /** float32 [outputs, inputs] */
  rows: Float32Array;
  inputs: number;
  outputs: number;
}

/** Of unit length again, so that dot products are cosines. Throws for a vector of another length. */
export function projectVector({ rows, inputs, outputs }: ProjectionMatrix, vector: Float32Array): Float32Array {
  if (vector.length !== inputs) {
    throw new Error(`projection: expected a vector of ${inputs} values, received ${vector.length}`);
  }
  const projected = new Float32Array(outputs);
  let squares = 0;
  for (let output = 0; output < outputs; output++) {
    const from = output * inputs;
    let sum = 0;
    for (let input = 0; input < inputs; input++) {
      sum += (rows[from + input] ?? 0) * (vector[input] ?? 0);
    }
    projected[output] = sum;
    squares += sum * sum;
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return projected.map((value) => value * scale);
}
