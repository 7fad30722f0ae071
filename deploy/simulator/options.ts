/**
 * What a simulator can be told, and the same with its defaults filled in. `toSettings` throws on a bad value, naming
 * field, expectation and value: a simulator that starts has sound settings.
 */
import type { Fault } from './faults.ts';
import { parseFaults } from './faults.ts';

export interface SimulatorOptions {
  /** Shown in answers, such as `us-east`. */
  region: string;
  /** Listed by /v1/models; any other is a 404. `sim-embed`, where listed, answers /v1/embeddings. */
  models?: string[];
  /** 0 takes any free port. The simulator listens on 127.0.0.1 only. */
  port?: number;
  /** Equal seeds and equal requests give equal texts, times and, in the same order, equal random faults. */
  seed?: number;
  /** One way: passes before the request is handled, and again before the first byte of the answer. */
  networkDelayMs?: number;
  /** From the start of the work to the first token, before `prefillMsPerToken`. */
  ttftMs?: number;
  /** For each prompt token that is not in the prefix cache. */
  prefillMsPerToken?: number;
  /** Between two tokens; 0 is as fast as the reader takes them. */
  msPerToken?: number;
  /** 0 to 1: each time varies by up to this share of itself. */
  jitter?: number;
  /** Requests that run at once; further ones queue. */
  maxConcurrent?: number;
  /** Requests that wait; one more is a 429. */
  maxQueued?: number;
  /** Capacity of the prefix cache in tokens; 0 switches it off. */
  prefixCacheTokens?: number;
  /** Length of an answer when the request sets no limit. */
  defaultOutputTokens?: number;
  /** Where set, /v1 asks for `authorization: Bearer <apiKey>`. */
  apiKey?: string;
  /** Each token's event says when it was written, as `simulator_sent_us` ({@link ./monotonic.ts}). */
  stampsTokens?: boolean;
  /** In force from the start, and again after a reset. */
  faults?: Fault[];
}

export type Settings = Readonly<Required<Omit<SimulatorOptions, 'apiKey'>>> & { readonly apiKey: string | null };

export function toSettings(options: SimulatorOptions): Settings {
  const settings: Settings = {
    region: options.region,
    models: options.models ?? ['sim-small', 'sim-large'],
    port: options.port ?? 0,
    seed: options.seed ?? 1,
    networkDelayMs: options.networkDelayMs ?? 0,
    ttftMs: options.ttftMs ?? 0,
    prefillMsPerToken: options.prefillMsPerToken ?? 0,
    msPerToken: options.msPerToken ?? 0,
    jitter: options.jitter ?? 0,
    maxConcurrent: options.maxConcurrent ?? Infinity,
    maxQueued: options.maxQueued ?? Infinity,
    prefixCacheTokens: options.prefixCacheTokens ?? 0,
    defaultOutputTokens: options.defaultOutputTokens ?? 32,
    apiKey: options.apiKey ?? null,
    stampsTokens: options.stampsTokens ?? false,
    faults: options.faults ?? [],
  };
  check(settings);
  return settings;
}

type Range = readonly [min: number, max: number, isInteger: boolean];

const MAX_MS = 3_600_000;

const RANGES = {
  port: [0, 65_535, true],
  seed: [-Infinity, Infinity, false],
  networkDelayMs: [0, MAX_MS, false],
  ttftMs: [0, MAX_MS, false],
  prefillMsPerToken: [0, MAX_MS, false],
  msPerToken: [0, MAX_MS, false],
  jitter: [0, 1, false],
  maxConcurrent: [1, Infinity, false],
  maxQueued: [0, Infinity, false],
  prefixCacheTokens: [0, Infinity, false],
  defaultOutputTokens: [1, 1_000_000, true],
} as const satisfies Partial<Record<keyof Settings, Range>>;

function check(settings: Settings): void {
  // It becomes a header, so it must be one.
  if (!/^[\x21-\x7e]+$/.test(settings.region)) {
    throw new Error(`region: expected printable ASCII without spaces, received ${JSON.stringify(settings.region)}`);
  }
  if (settings.models.length === 0 || settings.models.some((model) => model === '')) {
    throw new Error(`models: expected at least one name, none empty, received ${JSON.stringify(settings.models)}`);
  }
  for (const [field, [min, max, isInteger]] of Object.entries(RANGES)) {
    const value = settings[field as keyof typeof RANGES];
    if (!(value >= min && value <= max) || (isInteger && !Number.isInteger(value))) {
      throw new Error(
        `${field}: expected ${isInteger ? 'an integer' : 'a number'} from ${min} to ${max}, received ${value}`,
      );
    }
  }
  const faults = parseFaults(settings.faults, 'faults');
  if (!faults.ok) {
    throw new Error(faults.message);
  }
}
