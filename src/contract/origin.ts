/** A GPU region: where heavy requests are forwarded. Comes from settings only, never from a request. */
export interface Origin {
  id: string;
  /**
   * The base that the protocol's paths are appended to: `https://gpu.example.com/v1` of `openai`, `https://gpu.example.com/v2` of `kserve`;
   * empty for `workers-ai`, a binding.
   */
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
  /** How its health and load are looked at; null for a binding, which has neither. */
  watch: OriginWatch | null;
  /** The secret's value, null for an origin that asks for none. Never logged. */
  apiKey: string | null;
}

/** `openai`: chat and completions. `kserve`: tensors by the Open Inference Protocol. `workers-ai`: the platform's binding. */
export const PROTOCOLS = ['openai', 'kserve', 'workers-ai'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface OriginWatch {
  /** Asked with GET: whether it is up, and how far away. */
  healthUrl: string;
  metrics: Metrics;
  /** Null where there are none. */
  metricsUrl: string | null;
}

/** Whose metrics an origin exposes. */
export const METRICS = ['none', 'vllm', 'triton'] as const;
export type Metrics = (typeof METRICS)[number];

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

/** A call to an origin, ready to send. */
export interface OriginCall {
  /** What the origin speaks: says who carries the call. */
  protocol: Protocol;
  /** Of no meaning for `workers-ai`. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON text, or bytes as a client sent them; null for what is only asked (GET). */
  body: string | Uint8Array<ArrayBuffer> | null;
  /** From the call until the head of a stream; null where the head comes with the answer. */
  connectMs: number | null;
  /** From the call until the first event of a stream (see {@link OriginReply.sawEvent}), or the end of a whole answer. */
  deadlineMs: number;
  /** Without an event, in a stream that has begun. */
  idleTimeoutMs: number;
}

/** An origin's answer, its body not read yet: by one of the three readers, once. Each throws an {@link OriginFault} alone. */
export interface OriginReply {
  status: number;
  /** Lower case, without parameters; the empty string where the origin sent none. */
  contentType: string;
  retryAfter: string | null;
  /** The same in milliseconds from now; null where there is none, or none that can be read. */
  retryAfterMs: number | null;
  /** `Inference-Header-Content-Length` as it came: how many bytes of a tensor answer are JSON; null where there is none. */
  jsonLength: string | null;
  reader(): ChunkReader;
  /**
   * To be called as events of the stream come: from the first on, time without one ends it, and no longer the deadline. Bytes that make no event
   * put nothing off.
   */
  sawEvent(): void;
  /** Null where the body is longer than `maxBytes`. Throws `garbage` where it is no UTF-8. */
  text(maxBytes: number): Promise<string | null>;
  /** Null where the body is longer than `maxBytes`. */
  bytes(maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** What reads a body part by part: one read at a time. After `cancel` there is nothing more. */
export type ChunkReader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

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
