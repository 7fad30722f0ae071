/**
 * Reads an event stream of the simulator as a client does, and notes when each token was written and when it was there:
 * with the blank line that ends its event, however the bytes were split. Pure.
 */

export interface TokenReader {
  /** A part of the body, and when it came, in microseconds of the simulator's clock. */
  read(part: string, atUs: number): void;
  /** One for each token so far. */
  readonly sentUs: readonly number[];
  readonly arrivedUs: readonly number[];
  /** `[DONE]` has come. */
  readonly isDone: boolean;
}

const STAMP = '"simulator_sent_us":';

export function createTokenReader(): TokenReader {
  const sentUs: number[] = [];
  const arrivedUs: number[] = [];
  let rest = '';
  let isDone = false;
  return {
    sentUs,
    arrivedUs,
    get isDone() {
      return isDone;
    },
    read(part, atUs) {
      const text = rest + part;
      let start = 0;
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n', start)) {
        const event = text.slice(start, end);
        start = end + 2;
        const stampAt = event.lastIndexOf(STAMP);
        if (stampAt !== -1) {
          sentUs.push(Number.parseInt(event.slice(stampAt + STAMP.length), 10));
          arrivedUs.push(atUs);
        }
        isDone ||= event === 'data: [DONE]';
      }
      rest = text.slice(start);
    },
  };
}
