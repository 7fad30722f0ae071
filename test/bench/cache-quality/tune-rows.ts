/**
 * Quora's training pairs that the verifier was not trained on and that nothing of it was chosen by: the part `tune`, as
 * models/recipes/verifier/pair_rows.py parts them. On the others its logit is surer than it is on new ones.
 */
import { createHash } from 'node:crypto';
import type { Pair } from './read-sets.ts';

const TUNE_SHARE = 0.035;
/** Where more hang together, all are for training. */
const MOST_TOGETHER = 50;

export function tuneRows(pairs: readonly Pair[]): Pair[] {
  const groups = Map.groupBy(pairs, groupsOf(pairs));
  return [...groups]
    .filter(([root, together]) => together.length <= MOST_TOGETHER && drawOf(root) < TUNE_SHARE)
    .flatMap(([, together]) => together);
}

/** For each pair the least question, by its key, of all that pairs join with it. */
function groupsOf(pairs: readonly Pair[]): (pair: Pair) => string {
  const parents = new Map<string, string>();
  const find = (key: string): string => {
    const path: string[] = [];
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) {
      path.push(root);
      root = next;
    }
    for (const passed of path) {
      parents.set(passed, root);
    }
    return root;
  };
  for (const { textA, textB } of pairs) {
    const [a, b] = [find(keyOf(textA)), find(keyOf(textB))];
    if (a !== b) {
      parents.set(a > b ? a : b, a > b ? b : a);
    }
  }
  return ({ textA }) => find(keyOf(textA));
}

/** From 0 to 1. */
function drawOf(root: string): number {
  const hex = createHash('sha256').update(`same\n${root}`).digest('hex');
  return parseInt(hex.slice(0, 12), 16) / 16 ** 12;
}

function keyOf(text: string): string {
  return text.toLowerCase().split(/\s+/).filter(Boolean).join(' ');
}
