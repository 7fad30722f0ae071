/** From rows to routers: of all subjects, or of all but some. Deterministic. */
import type { EmbeddingTable } from '../../../src/local/embedding-table.ts';
import { scaleSigns, type Question, type Router } from '../../../src/origin/tiers/router.ts';
import { readSigns } from '../../../src/origin/tiers/signs.ts';
import { fitWithout, toMoments } from './fit.ts';
import type { RoutingRow } from './rows.ts';
import type { Words } from './words.ts';

export interface Example extends Pick<RoutingRow, 'subject'> {
  question: Question;
  weakRight: boolean;
  strongRight: boolean;
}

export interface Trainer {
  examples: readonly Example[];
  /** Fitted without the rows of these subjects; it has no levels. */
  fit(without: ReadonlySet<string>): Router;
}

/** Of every weight, in rows. Signs have a variance of 1, a text's words together have one of 1. */
const RIDGE = 10;

export function createTrainer(rows: readonly RoutingRow[], words: Words): Trainer {
  const examples = rows.map(({ prompt, subject, weak_correct: weakRight, strong_correct: strongRight }) => ({
    subject,
    question: { text: prompt, ids: words.idsOf(prompt) },
    weakRight,
    strongRight,
  }));
  const signs = examples.map(({ question }) => readSigns(question.text));
  const scale = scaleOf(signs);
  const scaled = signs.map((one) => scaleSigns(scale, one));
  const means = examples.map(({ question }) => words.meanOf(question.ids));
  const centre = meanOf(means);
  const spread = Math.sqrt(
    means.reduce((sum, mean) => sum + mean.reduce((all, value, i) => all + (value - (centre[i] ?? 0)) ** 2, 0), 0) /
      means.length,
  );
  const smallWrong = toMoments(
    examples.map(({ subject, weakRight }, at) => ({
      subject,
      values: [
        ...(scaled[at] ?? []),
        ...Array.from(means[at] ?? [], (value, i) => (value - (centre[i] ?? 0)) / spread),
      ],
      target: Number(!weakRight),
    })),
  );
  const largeMends = toMoments(
    examples.flatMap(({ subject, weakRight, strongRight }, at) =>
      weakRight ? [] : [{ subject, values: scaled[at] ?? [], target: Number(strongRight) }],
    ),
  );
  return {
    examples,
    fit(without) {
      const wrong = Array.from(fitWithout(smallWrong, without, RIDGE));
      const [constant = 0, ...ofSigns] = wrong.slice(0, 1 + scale.means.length);
      const direction = wrong.slice(1 + scale.means.length).map((weight) => weight / spread);
      const shift = direction.reduce((sum, weight, i) => sum + weight * (centre[i] ?? 0), 0);
      return {
        vocabulary: words.vocabulary,
        ...scale,
        smallWrong: [constant - shift, ...ofSigns].map(round),
        largeMends: Array.from(fitWithout(largeMends, without, RIDGE), round),
        ...quantise(project(words.table, direction)),
        levels: [],
      };
    },
  };
}

/** Of each sign; labels are not looked at. */
function scaleOf(signs: readonly (readonly number[])[]): Pick<Router, 'means' | 'deviations'> {
  const means = Array.from(meanOf(signs));
  const squares = meanOf(signs.map((one) => one.map((value, i) => (value - (means[i] ?? 0)) ** 2)));
  return { means: means.map(round), deviations: Array.from(squares, (square) => round(Math.sqrt(square))) };
}

function meanOf(rows: readonly ArrayLike<number>[]): Float64Array {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) {
    mean.forEach((value, i) => (mean[i] = value + (row[i] ?? 0) / rows.length));
  }
  return mean;
}

/** Each token's part in the linear model: its row times the weights. */
function project({ rows, scales, columns }: EmbeddingTable, direction: readonly number[]): Float64Array {
  return Float64Array.from(scales, (scale, id) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += (rows[id * columns + column] ?? 0) * (direction[column] ?? 0);
    }
    return scale * sum;
  });
}

function quantise(values: Float64Array): Pick<Router, 'words' | 'wordScale'> {
  const wordScale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
  return { wordScale, words: Int8Array.from(values, (value) => Math.round(value / wordScale)) };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
