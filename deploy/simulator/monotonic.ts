/** The machine's monotonic clock in whole microseconds: processes of one machine read the same one, and nobody sets it. */
export function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
}
