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
  dataFolder: string;
  /** `embed` writes its latencies into the model's manifest. */
  writesManifest: boolean;
}

const ROOT = join(import.meta.dirname, '../..');

export function toBenchArgs(args: string[]): BenchArgs {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      eval: { type: 'string' },
      data: { type: 'string' },
      'write-manifest': { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) {
    throw new Error(`expected the name of one benchmark, received ${positionals.join(' ')}`);
  }
  return {
    name: positionals[0] ?? null,
    jsonFile: values.json ?? null,
    evalFile: values.eval === undefined ? null : resolve(values.eval),
    dataFolder: values.data === undefined ? join(ROOT, '../shared/data') : resolve(values.data),
    writesManifest: values['write-manifest'],
  };
}
