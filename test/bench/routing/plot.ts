/**
 * Draws times to the first token from what `npm run bench -- routing --json FILE` wrote: `node test/bench/routing/plot.ts OUT.svg FILE`. The
 * picture has no background, and colours for light pages and dark ones.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const POLICIES: Readonly<Record<string, string>> = {
  random: 'random',
  round_robin: 'round-robin',
  least_connections: 'least connections',
  nearest: 'nearest',
  lowest_average: 'lowest average latency',
  ours: 'ours',
  oracle: 'oracle',
};
const SHADES = { p50: 1, p95: 0.6, p99: 0.3 } as const;
const SCENARIOS = { '': 'an outage, and a region that slows down', _calm: 'calm' } as const;
const WIDTH = 760;
const LEFT = 170;
const RIGHT = 730;
const ROW = 22;

const [out, file] = process.argv.slice(2);
if (out === undefined || file === undefined) {
  throw new Error('expected OUT.svg and the file of a benchmark');
}
const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as { metrics: Readonly<Record<string, number>> };
const most = Math.max(
  ...Object.keys(SCENARIOS).flatMap((scenario) => Object.keys(POLICIES).map((name) => timeOf('p99', name, scenario))),
);
writeFileSync(out, draw());

function timeOf(quantile: keyof typeof SHADES, name: string, scenario: string): number {
  const ms = metrics[`ttft_${quantile}_ms_${name}${scenario}`];
  if (ms === undefined) {
    throw new Error(`${file}: expected ttft_${quantile}_ms_${name}${scenario}, received none`);
  }
  return ms;
}

function x(ms: number): number {
  return Math.round(LEFT + ((RIGHT - LEFT) * ms) / most);
}

function draw(): string {
  const rows = Object.keys(POLICIES).length + 2;
  const groups = Object.entries(SCENARIOS).map(([scenario, title], at) =>
    drawGroup(scenario, title, 40 + at * rows * ROW),
  );
  const bottom = 40 + groups.length * rows * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" aria-label="Milliseconds to the first token by how origins are chosen">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.head { font-weight: 600 }
.grid { stroke: #8c959f; stroke-opacity: .35 }
.bar { fill: #8c959f }
.ours { fill: #0f83cc }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } }
</style>
${Object.entries(SHADES)
  .map(
    ([quantile, shade], at) =>
      `<rect class="ours" x="${LEFT + at * 80}" y="8" width="12" height="12" fill-opacity="${shade}"/><text x="${LEFT + at * 80 + 18}" y="19">${quantile}</text>`,
  )
  .join('\n')}
${Array.from({ length: Math.floor(most / 200) + 1 }, (_, at) => drawGrid(at * 200, bottom)).join('\n')}
${groups.join('\n')}
</svg>
`;
}

function drawGrid(ms: number, bottom: number): string {
  return `<path class="grid" d="M${x(ms)} 32V${bottom}"/><text x="${x(ms)}" y="${bottom + 16}" text-anchor="middle">${ms} ms</text>`;
}

function drawGroup(scenario: string, title: string, top: number): string {
  const bars = Object.entries(POLICIES).map(([name, label], at) => {
    const y = top + (at + 1) * ROW;
    const rects = (['p99', 'p95', 'p50'] as const).map(
      (quantile) =>
        `<rect class="${name === 'ours' ? 'ours' : 'bar'}" x="${LEFT}" y="${y}" width="${x(timeOf(quantile, name, scenario)) - LEFT}" height="16" fill-opacity="${SHADES[quantile]}"/>`,
    );
    return `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${label}</text>${rects.join('')}`;
  });
  return `<text class="head" x="${LEFT}" y="${top + 14}">${title}</text>\n${bars.join('\n')}`;
}
