/** The command line of `npm run bench`. Throws an Error in one line on a flag that it does not know. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchArgs {
  /** Null where none was given. */
  name: string | null;
  /** Where the figures are written, besides the table. */
  jsonFile: string | null;
  /** The set that accuracy is measured on; null means the benchmark's own choice under `dataFolder`. */
  evalFile: string | null;
  /** All files that `--eval` names, of benchmarks that take several. */
  evalFiles: readonly string[];
  /** Sets that follow the first, as they were named. */
  driftFiles: readonly string[];
  dataFolder: string;
  /** Of `cache-quality` and `cache-swaps`: sets of pairs and streams, in place of their own. */
  pairFiles: readonly string[];
  streamFiles: readonly string[];
  /** Of `routing`: tables of round trips in place of its own; of `routing` and `affinity`: the requests. */
  rttFiles: readonly string[];
  traceFile: string | null;
  /** Of `exits`: what is measured, and of which model. */
  task: string | null;
  model: string | null;
  /** Rows of each set at most, or rounds; null for all. */
  limit: number | null;
  /** Of `cache-scale`: how many the largest scope has. */
  entries: number | null;
  /** `embed` writes its latencies into the model's manifest. */
  writesManifest: boolean;
}

const ROOT = join(import.meta.dirname, '../..');

export function toBenchArgs(args: string[]): BenchArgs {
  const { values, tokens } = parseArgs({
    args,
    allowPositionals: true,
    tokens: true,
    options: {
      json: { type: 'string' },
      eval: { type: 'string' },
      drift: { type: 'string', multiple: true },
      pairs: { type: 'string', multiple: true },
      stream: { type: 'string', multiple: true },
      rtt: { type: 'string', multiple: true },
      trace: { type: 'string' },
      task: { type: 'string' },
      model: { type: 'string' },
      limit: { type: 'string' },
      entries: { type: 'string' },
      data: { type: 'string' },
      'write-manifest': { type: 'boolean', default: false },
    },
  });
  const lists: Record<string, string[]> = { drift: [], pairs: [], stream: [], rtt: [], eval: [] };
  const names: string[] = [];
  // `--drift A B`: what follows the first file is one too.
  let list: string[] | undefined;
  for (const token of tokens) {
    if (token.kind === 'option') {
      list = lists[token.name];
      list?.push(token.value ?? '');
    } else if (token.kind === 'positional') {
      (list ?? names).push(token.value);
    }
  }
  const evalFiles = (lists['eval'] ?? []).map((file) => resolve(file));
  const [name = null] = names;
  if (names.length > 1) {
    throw new Error(`expected the name of one benchmark, received ${names.join(' ')}`);
  }
  return {
    name,
    jsonFile: values.json ?? null,
    evalFile: evalFiles[0] ?? null,
    evalFiles,
    driftFiles: lists['drift'] ?? [],
    pairFiles: (lists['pairs'] ?? []).map((file) => resolve(file)),
    streamFiles: (lists['stream'] ?? []).map((file) => resolve(file)),
    rttFiles: (lists['rtt'] ?? []).map((file) => resolve(file)),
    traceFile: values.trace === undefined ? null : resolve(values.trace),
    task: values.task ?? null,
    model: values.model ?? null,
    limit: values.limit === undefined ? null : toCount('limit', values.limit),
    entries: values.entries === undefined ? null : toCount('entries', String(Number(values.entries))),
    dataFolder: values.data === undefined ? join(ROOT, '../shared/data') : resolve(values.data),
    writesManifest: values['write-manifest'],
  };
}

function toCount(flag: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) {
    throw new Error(`--${flag}: expected a whole number above 0, received ${value}`);
  }
  return Number(value);
}
