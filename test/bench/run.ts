/** `npm run bench -- NAME [--json FILE] [--eval FILE] [--data DIR] …`. Exits with 1 where the benchmark went wrong. */
import { affinity } from './routing/affinity.ts';
import { toBenchArgs, type BenchArgs } from './args.ts';
import { cacheQuality } from './cache-quality/cache-quality.ts';
import { cacheLoad } from './cache/cache-load.ts';
import { cacheSpeed } from './cache/cache-speed.ts';
import { cacheScale } from './cache-scale/cache-scale.ts';
import { cacheSwaps } from './swaps/cache-swaps.ts';
import { embed } from './embed.ts';
import { exits } from './exits/exits.ts';
import { gateway } from './gateway.ts';
import { verify } from './verify/verify.ts';
import { describeMachine } from './machine.ts';
import { overhead } from './overhead/overhead.ts';
import { printOutcome, writeOutcome, type Benchmark } from './report.ts';
import { routing } from './routing/routing.ts';
import { tiers } from './tiers/tiers.ts';

const BENCHMARKS: Record<string, Benchmark> = {
  gateway,
  overhead,
  embed,
  exits,
  verify,
  'cache-quality': cacheQuality,
  'cache-scale': cacheScale,
  'cache-swaps': cacheSwaps,
  'cache-load': cacheLoad,
  'cache-speed': cacheSpeed,
  routing,
  affinity,
  tiers,
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1));
}
try {
  await main(toBenchArgs(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (process.env['DEBUG'] !== undefined) {
    console.error(error);
  }
  process.exitCode = 1;
}

async function main(args: BenchArgs): Promise<void> {
  const benchmark = args.name === null ? undefined : BENCHMARKS[args.name];
  if (args.name === null || benchmark === undefined) {
    const lines = Object.entries(BENCHMARKS).map(([name, { summary }]) => `  ${name.padEnd(15)}${summary}`);
    throw new Error(
      `expected the name of a benchmark, received ${args.name ?? 'none'}. There are:\n${lines.join('\n')}`,
    );
  }
  const machine = describeMachine();
  const outcome = await benchmark.run(args);
  const whole = { ...outcome, settings: { ...machine, ...outcome.settings } };
  printOutcome(whole);
  if (args.jsonFile !== null) {
    writeOutcome(args.jsonFile, args.name, whole);
  }
}
