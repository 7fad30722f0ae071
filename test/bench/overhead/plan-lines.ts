/**
 * When which connection streams what. All connections are open while any measured stream runs: each begins with a stream
 * that is not measured and fills the time until its turn, and ends with another until the last one's turn is over. So
 * measured streams begin one after the other, as clients do, and not all at once. Pure.
 */

export interface Level {
  connections: number;
  /** Between two tokens; 0: as fast as they are taken. */
  msPerToken: number;
  /** Of a measured stream. */
  tokens: number;
  /** Measured streams of each connection, one after the other. */
  streams: number;
  /** In which the connections are opened, and then in which their first measured streams begin. */
  openMs: number;
  beginMs: number;
}

export interface PlannedStream {
  tokens: number;
  isMeasured: boolean;
}

export interface Line {
  /** From the start of the run. */
  startMs: number;
  streams: readonly PlannedStream[];
}

/** Spreads tokens of all connections evenly over the time between two of one (the golden ratio's fractions). */
const STEP = (Math.sqrt(5) - 1) / 2;

export function planLines({ connections, msPerToken, tokens, streams, openMs, beginMs }: Level): Line[] {
  const fillerFor = (ms: number): PlannedStream => ({
    tokens: msPerToken === 0 ? 1 : Math.max(1, Math.round(ms / msPerToken)),
    isMeasured: false,
  });
  const measured = Array.from({ length: streams }, (): PlannedStream => ({ tokens, isMeasured: true }));
  return Array.from({ length: connections }, (_, nth) => {
    const share = nth / connections;
    const startMs = openMs * share + msPerToken * ((nth * STEP) % 1);
    return {
      startMs,
      streams: [
        fillerFor(openMs - openMs * share + beginMs * share),
        ...measured,
        ...(connections === 1 ? [] : [fillerFor(beginMs - beginMs * share)]),
      ],
    };
  });
}
