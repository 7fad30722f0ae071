/** A GPU region: where heavy requests are forwarded. Comes from settings only, never from a request. */
export interface Origin {
  id: string;
  /** The base that OpenAI's paths are appended to, such as `https://gpu.example.com/v1`. */
  url: string;
  region: string;
  /** Degrees. */
  latitude: number;
  longitude: number;
  /** The law its data is under, lower case, such as `eu`. */
  jurisdiction: string;
  models: readonly OriginModel[];
  /** The secret's value, null for an origin that asks for none. Never logged. */
  apiKey: string | null;
}

export interface OriginModel {
  id: string;
  /** US dollars for a million tokens. */
  inputPrice: number;
  outputPrice: number;
}

/** A call to an origin, ready to send. `body` is JSON text. */
export interface OriginCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Until the answer's headers, and until each further chunk. */
  firstByteTimeoutMs: number;
  idleTimeoutMs: number;
}

/** An origin's answer, its body not read yet. Reading may throw an {@link OriginFault}. */
export interface OriginReply {
  status: number;
  /** Lower case, without parameters; the empty string where the origin sent none. */
  contentType: string;
  retryAfter: string | null;
  body: ReadableStream<Uint8Array>;
}

/**
 * Why an origin gave no usable answer. `unreachable`: no connection. `timeout`: no first byte in time. `stalled`: silent
 * half-way. `cut`: the connection ended early. `garbage`: not the protocol. `cancelled`: the client left.
 */
export type OriginFaultKind = 'unreachable' | 'timeout' | 'stalled' | 'cut' | 'garbage' | 'cancelled';

export class OriginFault extends Error {
  readonly kind: OriginFaultKind;

  constructor(kind: OriginFaultKind, detail: string) {
    super(detail);
    this.name = 'OriginFault';
    this.kind = kind;
  }
}
