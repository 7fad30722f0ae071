/**
 * AssemblyScript, compiled to WebAssembly with SIMD by `deploy/build-kernel.ts`: the inner loops of the index of vectors.
 * Addresses are bytes in the memory it is given. Does not allocate.
 */

/** out int32 [rows] = matrix int8 [rows, columns] · vector int16 [columns]. `columns` is a multiple of 16. */
export function dots(matrix: usize, vector: usize, out: usize, rows: i32, columns: i32): void {
  const stride = <usize>columns;
  for (let row = 0; row < rows; row++) {
    let low = i32x4.splat(0);
    let high = low;
    for (let at: usize = 0; at < stride; at += 16) {
      low = i32x4.add(low, i32x4.dot_i16x8_s(v128.load_ext<i8>(matrix + at), v128.load(vector + 2 * at)));
      high = i32x4.add(high, i32x4.dot_i16x8_s(v128.load_ext<i8>(matrix + at + 8), v128.load(vector + 2 * at + 16)));
    }
    store<i32>(out, sum(i32x4.add(low, high)));
    matrix += stride;
    out += 4;
  }
}

/** out int32 [rows] = bits in which codes [rows, bytes] differ from code [bytes]. `bytes` is a multiple of 16, at most 496. */
export function distances(codes: usize, code: usize, out: usize, rows: i32, bytes: i32): void {
  const stride = <usize>bytes;
  for (let row = 0; row < rows; row++) {
    // At most 8 a block and lane: 31 blocks fit a byte.
    let counts = i8x16.splat(0);
    for (let at: usize = 0; at < stride; at += 16) {
      counts = i8x16.add(counts, i8x16.popcnt(v128.xor(v128.load(codes + at), v128.load(code + at))));
    }
    store<i32>(out, sum(i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(counts))));
    codes += stride;
    out += 4;
  }
}

function sum(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + (i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3));
}
