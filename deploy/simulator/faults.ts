/**
 * Errors on demand: what a fault may be, how one is read from JSON, and which apply to a request. Of a list, the first
 * fault that fires breaks the request; those of kind `slow` that fire come on top, multiplied.
 */
import type { JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import { createRandom } from './random.ts';

export type Fault = (
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  | { kind: 'html'; status?: number }
  | { kind: 'stall'; afterTokens: number }
  | { kind: 'cut'; afterTokens: number }
  | { kind: 'garbage' }
  /** To that port of this machine, by a status that keeps method and body. */
  | { kind: 'redirect'; port: number }
  /** Headers without end. */
  | { kind: 'headers' }
  /** One value of so many bytes, in one event where it is a stream. */
  | { kind: 'huge'; bytes: number }
  /** A byte each time, of an answer that never gets whole; after so many tokens, where that is given, of a stream. */
  | { kind: 'drip'; everyMs: number; afterTokens?: number }
  | { kind: 'slow'; factor: number }
) & {
  /** 0 to 1, default 1: how likely it fires on a request. */
  probability?: number;
  /** How often it may fire; without it, for ever. */
  times?: number;
};

export type BreakingFault = Exclude<Fault, { kind: 'slow' }>;

/** What befalls one request. */
export interface Mishap {
  fault: BreakingFault | null;
  slowness: number;
}

export interface FaultPlan {
  set(faults: readonly Fault[]): void;
  /** Draws for the next request, spending `times`. The draws follow the seed and the order of requests. */
  draw(): Mishap;
}

const NO_MISHAP: Mishap = { fault: null, slowness: 1 };

export function createFaultPlan(seed: number): FaultPlan {
  let random = createRandom(seed);
  let entries: { fault: Fault; left: number }[] = [];
  return {
    set(faults) {
      random = createRandom(seed);
      entries = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }));
    },
    draw() {
      if (entries.length === 0) {
        return NO_MISHAP;
      }
      const mishap = { ...NO_MISHAP };
      for (const entry of entries) {
        const { fault } = entry;
        if (entry.left <= 0 || (fault.kind !== 'slow' && mishap.fault !== null)) {
          continue;
        }
        if (fault.probability !== undefined && random() >= fault.probability) {
          continue;
        }
        entry.left--;
        if (fault.kind === 'slow') {
          mishap.slowness *= fault.factor;
        } else {
          mishap.fault = fault;
        }
      }
      return mishap;
    },
  };
}

/** One fault by itself, as the request header `x-sim-fault` asks for it: it fires always. */
export function toMishap(fault: Fault): Mishap {
  return fault.kind === 'slow' ? { fault: null, slowness: fault.factor } : { fault, slowness: 1 };
}

export type ParsedFaults = { ok: true; faults: Fault[] } | { ok: false; message: string };

/** `where` names the value in messages, such as `faults`. */
export function parseFaults(value: unknown, where: string): ParsedFaults {
  if (!Array.isArray(value)) {
    return { ok: false, message: `${where}: expected an array of faults, received ${show(value)}` };
  }
  const complaint = value.map((entry, at) => complain(entry, `${where}[${at}]`)).find((found) => found !== null);
  return complaint === undefined ? { ok: true, faults: value as Fault[] } : { ok: false, message: complaint };
}

export type ParsedFault = { ok: true; fault: Fault } | { ok: false; message: string };

export function parseFault(value: unknown, where: string): ParsedFault {
  const complaint = complain(value, where);
  return complaint === null ? { ok: true, fault: value as Fault } : { ok: false, message: complaint };
}

interface Field {
  isRequired: boolean;
  isInteger: boolean;
  min: number;
  max: number;
}

const STATUS: Field = { isRequired: true, isInteger: true, min: 400, max: 599 };
const AFTER_TOKENS: Field = { isRequired: true, isInteger: true, min: 0, max: Infinity };

const COMMON_FIELDS: Record<string, Field> = {
  probability: { isRequired: false, isInteger: false, min: 0, max: 1 },
  times: { isRequired: false, isInteger: true, min: 0, max: Infinity },
};

const FIELDS: Record<Fault['kind'], Record<string, Field>> = {
  status: {
    status: STATUS,
    retryAfterSeconds: { isRequired: false, isInteger: true, min: 0, max: Infinity },
  },
  html: { status: { ...STATUS, isRequired: false, min: 200 } },
  stall: { afterTokens: AFTER_TOKENS },
  cut: { afterTokens: AFTER_TOKENS },
  garbage: {},
  redirect: { port: { isRequired: true, isInteger: true, min: 1, max: 65_535 } },
  headers: {},
  huge: { bytes: { isRequired: true, isInteger: true, min: 1, max: Infinity } },
  drip: {
    everyMs: { isRequired: true, isInteger: true, min: 1, max: Infinity },
    afterTokens: { ...AFTER_TOKENS, isRequired: false },
  },
  slow: { factor: { isRequired: true, isInteger: false, min: 0, max: Infinity } },
};

function complain(value: unknown, where: string): string | null {
  if (!isJsonObject(value)) {
    return `${where}: expected an object, received ${show(value)}`;
  }
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) {
    return `${where}.kind: expected one of ${Object.keys(FIELDS).join(', ')}, received ${show(kind)}`;
  }
  const fields = { ...COMMON_FIELDS, ...FIELDS[kind as Fault['kind']] };
  const stranger = Object.keys(value).find((name) => name !== 'kind' && !Object.hasOwn(fields, name));
  if (stranger !== undefined) {
    return `${where}.${stranger}: not a field of a fault of kind ${kind}`;
  }
  return complainOfFields(value, fields, where);
}

function complainOfFields(value: JsonObject, fields: Record<string, Field>, where: string): string | null {
  for (const [name, { isRequired, isInteger, min, max }] of Object.entries(fields)) {
    const given = value[name];
    if (given === undefined && !isRequired) {
      continue;
    }
    const isSound =
      typeof given === 'number' && given >= min && given <= max && (!isInteger || Number.isInteger(given));
    if (!isSound) {
      const kind = isInteger ? 'an integer' : 'a number';
      const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
      return `${where}.${name}: expected ${kind} ${range}, received ${show(given)}`;
    }
  }
  return null;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
}
