/**
 * Draws hits of streams by policy from what `npm run bench -- cache-quality --json FILE` wrote:
 * `node test/bench/cache-quality/plot.ts OUT.svg FILE`. The picture has no background, and colours for light pages and dark ones.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const POLICIES = ['static', 'vcache', 'ours', 'perfect'] as const;
const COLOURS: Readonly<Record<(typeof POLICIES)[number], string>> = {
  static: '#8c959f',
  vcache: '#d9600a',
  ours: '#0f83cc',
  perfect: '#0c9d74',
};
const DELTAS = [1, 2];
const WIDTH = 720;
const PLOT = { left: 150, right: 640, top: 44 };
const BAR = 16;
const GROUP = POLICIES.length * BAR + 22;
const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface Group {
  set: string;
  delta: number;
}

const [out, file] = process.argv.slice(2);
if (out === undefined || file === undefined) {
  throw new Error('expected OUT.svg and the file of a benchmark');
}
const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as { metrics: Readonly<Record<string, number>> };
writeFileSync(out, draw());

function draw(): string {
  const sets = Object.keys(metrics).flatMap((name) => /^(.+)_ours_d1_hit_rate$/.exec(name)?.[1] ?? []);
  const groups = sets.flatMap((set) => DELTAS.map((delta): Group => ({ set, delta })));
  const bottom = PLOT.top + groups.length * GROUP;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 40}" role="img" aria-label="Share of requests answered from the cache, by stream, policy and delta">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.small { font-size: 11px }
.grid { stroke: #8c959f; stroke-opacity: .35 }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } }
</style>
${legend()}
${SHARES.map((share) => drawGrid(share, bottom)).join('\n')}
${groups.map(drawGroup).join('\n')}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${bottom + 36}" text-anchor="middle">answered from the cache; beside each bar: wrong answers, at most (95 %)</text>
</svg>
`;
}

function legend(): string {
  return POLICIES.map(
    (policy, at) =>
      `<rect x="${PLOT.left + at * 110}" y="10" width="12" height="12" fill="${COLOURS[policy]}"/><text x="${PLOT.left + at * 110 + 18}" y="21">${policy}</text>`,
  ).join('\n');
}

function drawGrid(share: number, bottom: number): string {
  return `<path class="grid" d="M${x(share)} ${PLOT.top - 8}V${bottom}"/><text x="${x(share)}" y="${bottom + 16}" text-anchor="middle">${Math.round(share * 100)} %</text>`;
}

function drawGroup({ set, delta }: Group, at: number): string {
  const top = PLOT.top + at * GROUP;
  const bars = POLICIES.flatMap((policy, row) => {
    const hits = metrics[`${set}_${policy}_d${delta}_hit_rate`];
    const wrong = metrics[`${set}_${policy}_d${delta}_error_upper`];
    if (hits === undefined) {
      return [];
    }
    const y = top + row * BAR;
    const said = policy === 'perfect' || wrong === undefined ? '' : `${(wrong * 100).toFixed(2)} %`;
    return [
      `<rect x="${PLOT.left}" y="${y}" width="${(x(hits) - PLOT.left).toFixed(1)}" height="${BAR - 3}" fill="${COLOURS[policy]}"/>`,
      `<text class="small" x="${(x(hits) + 6).toFixed(1)}" y="${y + 11}">${said}</text>`,
    ];
  });
  const name = `<text x="${PLOT.left - 10}" y="${top + 2 * BAR}" text-anchor="end">${set}, ${delta} %</text>`;
  return [name, ...bars].join('\n');
}

function x(share: number): number {
  return PLOT.left + share * (PLOT.right - PLOT.left);
}
