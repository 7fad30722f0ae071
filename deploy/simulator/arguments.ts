/** The command line's flags as options. Throws on a flag it does not know and on a number that is none. */
import { parseArgs } from 'node:util';
import type { Fault } from './faults.ts';
import { parseFaults } from './faults.ts';
import { parseJson } from './json.ts';
import type { SimulatorOptions } from './options.ts';

export const USAGE = `node deploy/simulator/cli.ts --region us-east [--port 9101] [--models sim-small,sim-large] [--seed 1]
  [--network-delay ms] [--ttft ms] [--prefill-per-token ms] [--per-token ms] [--jitter 0..1]
  [--max-concurrent n] [--max-queued n] [--prefix-cache-tokens n] [--output-tokens n] [--api-key key] [--stamp-tokens] [--faults json]`;

/** Flags that take a number, and the option each one sets. */
const NUMBERS = {
  port: 'port',
  seed: 'seed',
  'network-delay': 'networkDelayMs',
  ttft: 'ttftMs',
  'prefill-per-token': 'prefillMsPerToken',
  'per-token': 'msPerToken',
  jitter: 'jitter',
  'max-concurrent': 'maxConcurrent',
  'max-queued': 'maxQueued',
  'prefix-cache-tokens': 'prefixCacheTokens',
  'output-tokens': 'defaultOutputTokens',
} as const satisfies Record<string, keyof SimulatorOptions>;

const TEXTS = ['region', 'models', 'api-key', 'faults'] as const;
/** The only one without a value. */
const STAMP_TOKENS = '--stamp-tokens';

export function toOptions(args: string[]): SimulatorOptions {
  const flags = [...TEXTS, ...Object.keys(NUMBERS)].map((flag) => [flag, { type: 'string' as const }] as const);
  const texts = args.filter((flag) => flag !== STAMP_TOKENS);
  const { values } = parseArgs({ args: texts, options: Object.fromEntries(flags) });
  const options: SimulatorOptions = { region: values['region'] ?? '' };
  for (const [flag, option] of Object.entries(NUMBERS)) {
    const value = values[flag];
    if (value !== undefined) {
      options[option] = toNumber(flag, value);
    }
  }
  if (values['models'] !== undefined) {
    options.models = values['models'].split(',');
  }
  if (values['api-key'] !== undefined) {
    options.apiKey = values['api-key'];
  }
  if (texts.length < args.length) {
    options.stampsTokens = true;
  }
  if (values['faults'] !== undefined) {
    options.faults = toFaults(values['faults']);
  }
  return options;
}

function toNumber(flag: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) {
    throw new Error(`--${flag}: expected a number, received ${value}`);
  }
  return number;
}

function toFaults(text: string): Fault[] {
  const parsed = parseFaults(parseJson(text), '--faults');
  if (!parsed.ok) {
    throw new Error(parsed.message);
  }
  return parsed.faults;
}
