/** The head of a unit vector, made a unit vector again. Pure. */
export function shorten(vector: Float32Array, dimensions: number): Float32Array {
  const head = vector.slice(0, dimensions);
  const length = Math.hypot(...head);
  return length === 0 ? head : head.map((value) => value / length);
}
