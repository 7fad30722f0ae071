/**
 * What the tier router is worth: RouteLLM's measures over all rows given. Without `--eval`, over the training rows, each
 * scored by a router that was fitted without its subject. The shipped router's decisions are timed in workerd.
 */
import { relative } from 'node:path';
import { readRoutingRows, readTrainingRows, type RoutingRow } from '../../../models/recipes/tiers/rows.ts';
import { scoreUnseen } from '../../../models/recipes/tiers/score.ts';
import { createTrainer } from '../../../models/recipes/tiers/train.ts';
import { readWords } from '../../../models/recipes/tiers/words.ts';
import { GENERAL_ROUTER } from '../../../src/origin/tiers/general-router.ts';
import { scoreOf } from '../../../src/origin/tiers/router.ts';
import type { Benchmark, Outcome } from '../report.ts';
import { median, percentile } from '../stats.ts';
import { decideInWorker } from './decide.ts';
import { measureTiers, type JudgedRow } from './measures.ts';
import type { Decided } from './messages.ts';

/** Any but 0 and 1, which need no score. */
const QUALITY = 0.95;
/** Rows whose decisions are timed, spread over all of them. */
const TIMED = 500;

export const tiers: Benchmark = {
  summary: "the small or the large model for a prompt: RouteLLM's measures, and the time of a decision",
  run: async ({ evalFiles, dataFolder, limit }) => {
    const isShipped = evalFiles.length > 0;
    const all = isShipped ? evalFiles.flatMap(readRoutingRows) : readTrainingRows(dataFolder);
    const rows = limit === null ? all : spread(all, limit);
    const judged = isShipped ? judge(rows) : scoreUnseen(createTrainer(rows, readWords()));
    const prompts = spread(rows, TIMED).map(({ prompt }) => prompt);
    const timed = await decideInWorker(prompts, QUALITY);
    expectSameScores(prompts, timed);
    const source = isShipped ? evalFiles.map((file) => relative(process.cwd(), file)).join(' ') : 'training rows';
    return describe(judged, timed, { source, router: isShipped ? 'as shipped' : 'fitted without the subject' });
  },
};

function judge(rows: readonly RoutingRow[]): JudgedRow[] {
  const scoreAsShipped = createShippedScore();
  return rows.map(({ prompt, weak_correct: weakRight, strong_correct: strongRight }) => ({
    weakRight,
    strongRight,
    score: scoreAsShipped(prompt),
  }));
}

function createShippedScore(): (prompt: string) => number {
  const words = readWords();
  if (words.vocabulary !== GENERAL_ROUTER.vocabulary) {
    throw new Error(`vocabulary: expected ${GENERAL_ROUTER.vocabulary}, received ${words.vocabulary}`);
  }
  return (prompt) => scoreOf(GENERAL_ROUTER, { text: prompt, ids: words.idsOf(prompt) });
}

/** What is measured in this process must be what the Worker decides by. */
function expectSameScores(prompts: readonly string[], decided: readonly Decided[]): void {
  const scoreAsShipped = createShippedScore();
  for (const [at, prompt] of prompts.entries()) {
    const [here, there] = [scoreAsShipped(prompt), decided[at]?.score ?? null];
    if (there === null || Math.abs(here - there) > 1e-9) {
      throw new Error(`${prompt.slice(0, 60)}: expected the Worker's score to be ${here}, received ${there}`);
    }
  }
}

/** So many at most, evenly from the first to the last. */
function spread<T>(all: readonly T[], limit: number): T[] {
  const step = Math.max(1, all.length / limit);
  return all.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

function describe(judged: readonly JudgedRow[], timed: readonly Decided[], facts: Record<string, string>): Outcome {
  const measured = measureTiers(judged);
  const ms = timed.map((one) => one.ms);
  const metrics = {
    apgr: measured.apgr,
    cpt_50: measured.cpt50,
    cpt_80: measured.cpt80,
    small_share_at_95: measured.smallShareAt95,
    random_small_share_at_95: measured.randomSmallShareAt95,
    router_p50_ms: median(ms),
    router_p99_ms: percentile(ms, 0.99),
    weak_accuracy: measured.weakAccuracy,
    strong_accuracy: measured.strongAccuracy,
  };
  return {
    settings: { rows: judged.length, timed: timed.length, ...facts },
    metrics,
    tables: [
      {
        title: 'Tier router',
        head: ['', 'value'],
        rows: Object.entries(metrics).map(([name, value]) => [name, value.toFixed(3)]),
      },
    ],
    notes: ['At random, apgr is .5, cpt_50 is .5 and cpt_80 is .8.'],
  };
}
