/**
 * Draws agreement against latency from what `npm run bench -- exits --json FILE` wrote, one file a task:
 * `node test/bench/exits/plot.ts OUT.svg FILE…`. The picture has no background, and colours for light pages and dark ones.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Point } from './curve.ts';

interface BenchFile {
  settings: { task: string };
  metrics: { agreement: number; mean_saving: number; static_agreement?: number; static_mean_saving?: number };
  details: { curve: Point[]; certified: Point[] };
}

interface Series {
  task: string;
  colour: string;
  curve: Point[];
  certified: Point[];
  served: Point;
  fixed: Point | null;
}

const COLOURS = ['#0f83cc', '#d9600a', '#0c9d74', '#c26aa0', '#b58900'];
const WIDTH = 720;
const HEIGHT = 420;
const PLOT = { left: 64, right: 560, top: 24, bottom: 364 };
const LEAST_AGREEMENT = 0.96;
const PROMISED = 0.99;
const LATENCIES = [0, 0.2, 0.4, 0.6, 0.8, 1];
const AGREEMENTS = [0.96, 0.97, 0.98, 0.99, 1];

const [out, ...files] = process.argv.slice(2);
if (out === undefined || files.length === 0) {
  throw new Error('expected OUT.svg and the files of benchmarks');
}
writeFileSync(out, draw(files.map(readSeries)));

function readSeries(file: string, at: number): Series {
  const { settings, metrics, details } = JSON.parse(readFileSync(file, 'utf8')) as BenchFile;
  const { static_agreement: agreement, static_mean_saving: saving } = metrics;
  return {
    task: settings.task,
    colour: COLOURS[at % COLOURS.length] ?? '',
    ...details,
    served: { latency: 1 - metrics.mean_saving, agreement: metrics.agreement },
    fixed: agreement === undefined || saving === undefined ? null : { latency: 1 - saving, agreement },
  };
}

function draw(series: readonly Series[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Agreement with the full model against mean latency, by task">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.grid { stroke: #8c959f; stroke-opacity: .35 }
.promise { stroke: #57606a; stroke-dasharray: 5 4 }
.curve { fill: none; stroke-width: 2 }
.hollow { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } .promise { stroke: #afb8c1 } }
</style>
${axes()}
${series.map(drawSeries).join('\n')}
${legend(series)}
</svg>
`;
}

function axes(): string {
  const { left, right, top, bottom } = PLOT;
  const vertical = LATENCIES.map(
    (latency) =>
      `<path class="grid" d="M${x(latency)} ${top}V${bottom}"/><text x="${x(latency)}" y="${bottom + 20}" text-anchor="middle">${Math.round(latency * 100)} %</text>`,
  );
  const horizontal = AGREEMENTS.map(
    (agreement) =>
      `<path class="grid" d="M${left} ${y(agreement)}H${right}"/><text x="${left - 8}" y="${y(agreement) + 4}" text-anchor="end">${agreement.toFixed(2)}</text>`,
  );
  return [
    ...vertical,
    ...horizontal,
    `<path class="promise" d="M${left} ${y(PROMISED)}H${right}"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 44}" text-anchor="middle">mean latency, share of the full model’s</text>`,
    `<text x="${left}" y="${top - 8}">agreement with the full model</text>`,
  ].join('\n');
}

function drawSeries({ colour, curve, certified, served, fixed }: Series): string {
  const shown = curve.filter(isShown);
  const line = shown.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.latency)} ${y(point.agreement)}`).join('');
  return [
    `<path class="curve" stroke="${colour}" d="${line}"/>`,
    ...certified
      .filter(isShown)
      .map((point) => `<circle fill="${colour}" r="3.5" cx="${x(point.latency)}" cy="${y(point.agreement)}"/>`),
    isShown(served) ? diamond(served, colour) : '',
    fixed !== null && isShown(fixed) ? cross(fixed, colour) : '',
  ].join('\n');
}

function diamond(point: Point, colour: string): string {
  return `<path fill="${colour}" d="M${x(point.latency)} ${y(point.agreement)}m0-8l8 8l-8 8l-8-8z"/>`;
}

function cross(point: Point, colour: string): string {
  return `<path class="hollow" stroke="${colour}" d="M${x(point.latency)} ${y(point.agreement)}m-5-5l10 10m-10 0l10-10"/>`;
}

function legend(series: readonly Series[]): string {
  const at = PLOT.right + 24;
  const tasks = series.map(
    ({ task, colour }, row) =>
      `<path class="curve" stroke="${colour}" d="M${at} ${40 + row * 22}h20"/><text x="${at + 28}" y="${44 + row * 22}">${task}</text>`,
  );
  const marks = [
    ['<circle r="3.5" cx="10" fill="#8c959f"/>', 'certified'],
    ['<path fill="#8c959f" d="M10 0m0-8l8 8l-8 8l-8-8z"/>', 'as served'],
    ['<path class="hollow" stroke="#8c959f" d="M5-5l10 10m-10 0l10-10"/>', 'static'],
  ].map(
    ([mark, name], row) =>
      `<g transform="translate(${at} ${60 + (series.length + row) * 22})">${mark}<text x="28" y="4">${name}</text></g>`,
  );
  return [...tasks, ...marks].join('\n');
}

function isShown({ agreement }: Point): boolean {
  return agreement >= LEAST_AGREEMENT;
}

function x(latency: number): string {
  return (PLOT.left + latency * (PLOT.right - PLOT.left)).toFixed(1);
}

function y(agreement: number): number {
  const share = (agreement - LEAST_AGREEMENT) / (1 - LEAST_AGREEMENT);
  return Math.round(10 * (PLOT.bottom - share * (PLOT.bottom - PLOT.top))) / 10;
}
