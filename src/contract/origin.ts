/** A GPU region: where heavy requests are forwarded. Comes from settings only, never from a request. */
export interface Origin {
  id: string;
  /** The base that the protocol's paths are appended to, such as `https://gpu.example.com/v1`; empty for `workers-ai`, a binding. */
  url: string;
  protocol: Protocol;
  region: string;
  /** Degrees. */
  latitude: number;
  longitude: number;
  /** The law its data is under, lower case, such as `eu`. */
  jurisdiction: string;
  /** Requests that it serves at a time; null where nobody said. Shares of sticky requests go by it. */
  capacity: number | null;
  /** Takes no new requests; those under way end as they would. */
  isDraining: boolean;
  models: readonly OriginModel[];
  /** The secret's value, null for an origin that asks for none. Never logged. */
  apiKey: string | null;
}

/** `openai`: chat and completions. `kserve`: tensors by the Open Inference Protocol. `workers-ai`: the platform's binding. */
export const PROTOCOLS = ['openai', 'kserve', 'workers-ai'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const TIERS = ['small', 'large'] as const;
export type Tier = (typeof TIERS)[number];

/** What a prompt may hold. */
export const MODALITIES = ['text', 'image', 'audio'] as const;
export type Modality = (typeof MODALITIES)[number];

export interface OriginModel {
  id: string;
  /** Null for a model that no alias chooses. */
  tier: Tier | null;
  /** Of prompt and answer together; null where nobody said, which is not checked. */
  contextTokens: number | null;
  /** All of them where nobody said. */
  modalities: readonly Modality[];
  /** US dollars for a million tokens. */
  inputPrice: number;
  outputPrice: number;
}

/** A call to an origin, ready to send. `body` is JSON text. */
export interface OriginCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** From the call until the head of a stream; null where the head comes with the answer. */
  connectMs: number | null;
  /** From the call until the first event of a stream (see {@link OriginReply.hasBegun}), or the end of a whole answer. */
  deadlineMs: number;
  /** Of silence, in a stream that has begun. */
  idleTimeoutMs: number;
}

/** An origin's answer, its body not read yet: by one of the two readers, once. Each throws an {@link OriginFault} alone. */
export interface OriginReply {
  status: number;
  /** Lower case, without parameters; the empty string where the origin sent none. */
  contentType: string;
  retryAfter: string | null;
  /** The same in milliseconds from now; null where there is none, or none that can be read. */
  retryAfterMs: number | null;
  stream(): ReadableStream<Uint8Array>;
  /** To be called at the first event of the stream: from then on silence ends it, and no longer the deadline. */
  hasBegun(): void;
  /** Null where the body is longer than `maxBytes`. Throws `garbage` where it is no UTF-8. */
  text(maxBytes: number): Promise<string | null>;
}

/**
 * Why an origin gave no usable answer. `unreachable`: no connection. `timeout`: not in time. `stalled`: a stream fell
 * silent. `cut`: the connection ended early. `garbage`: not the protocol. `too-large`: more than is taken. `cancelled`:
 * the client left.
 */
export type OriginFaultKind = 'unreachable' | 'timeout' | 'stalled' | 'cut' | 'garbage' | 'too-large' | 'cancelled';

export class OriginFault extends Error {
  readonly kind: OriginFaultKind;

  constructor(kind: OriginFaultKind, detail: string) {
    super(detail);
    this.name = 'OriginFault';
    this.kind = kind;
  }
}
