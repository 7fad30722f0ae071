/** What each kind of minimal pair is made of. */
import type { Draw } from './draw.ts';

/**
 * Another question than `text`, changed in one way alone; null where the text has no place for it. An edit draws what it
 * puts in from its half of the lexicons, and leaves alone what only the other half holds.
 */
export type Edit = (text: string, draw: Draw) => string | null;

export interface Kind {
  edit: Edit;
  /** Sentences with a place for the edit. `{slot}` is filled from the lexicons, `‹…›` marks what changes places. */
  templates: readonly string[];
}

export const NEGATIVE_KINDS = [
  'numbers',
  'units',
  'dates',
  'negation',
  'antonyms',
  'names',
  'direction',
  'quoted',
  'question-word',
  'language',
] as const;

export type NegativeKind = (typeof NEGATIVE_KINDS)[number];

export interface SwapPair {
  kind: NegativeKind | 'paraphrase';
  /** Where the first text is from: a data set, a template, or a data set's own labelled pair. */
  source: 'edited' | 'template' | 'labelled';
  text_a: string;
  text_b: string;
  /** 1 where both are the same question. */
  label: 0 | 1;
}
