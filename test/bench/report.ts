/** What a benchmark hands back, and how it is shown and kept. */
import { writeFileSync } from 'node:fs';
import type { BenchArgs } from './args.ts';
import { formatTable, type Table } from './table.ts';

export interface Outcome {
  /** Parameters and facts that the figures depend on; the machine is added to them. */
  settings: Record<string, string | number>;
  /** Flat names; the unit ends the name. */
  metrics: Record<string, number>;
  tables: readonly Table[];
  /** What a reader has to know besides: what was left out, and why. */
  notes: readonly string[];
  /** What a plot needs, beside the flat metrics. */
  details?: Record<string, unknown>;
}

export interface Benchmark {
  summary: string;
  run(args: BenchArgs): Promise<Outcome>;
}

export function printOutcome({ settings, tables, notes }: Outcome): void {
  for (const table of tables) {
    console.log(`\n${formatTable(table)}`);
  }
  console.log(
    `\n${Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(' | ')}`,
  );
  for (const note of notes) {
    console.log(`\nNote: ${note}`);
  }
}

export function writeOutcome(file: string, name: string, { settings, metrics, details }: Outcome): void {
  const rounded = Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, Number(value.toFixed(4))]));
  writeFileSync(file, `${JSON.stringify({ name, settings, metrics: rounded, details }, null, 2)}\n`);
}
