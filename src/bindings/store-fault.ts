/** What a binding threw, as a fault to report. */
import type { StoreFault } from '../contract/ports.ts';

export function toStoreFault(error: unknown): StoreFault {
  return { kind: 'store', detail: error instanceof Error ? error.message : String(error) };
}
