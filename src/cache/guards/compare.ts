/**
 * Guards of near hits: what a cosine cannot see and what changes the answer. Each compares two questions in one respect and finds conflicts, which
 * refuse a near hit, and hints, which are weighed with others. They never accept. Symmetric, linear in the texts' length. Pure.
 */
import { GUARD_NAMES, type Finding, type Findings, type GuardName } from './finding.ts';
import { findNumbers, findUnits } from './guard-amounts.ts';
import { findAntonyms } from './guard-antonyms.ts';
import { findDates } from './guard-dates.ts';
import { findDirection } from './guard-direction.ts';
import { findLanguage } from './guard-language.ts';
import { findNames } from './guard-names.ts';
import { findNegation } from './guard-negation.ts';
import { findQuestionWord } from './guard-question-word.ts';
import { findQuoted } from './guard-quoted.ts';
import { read, toComparison, type Comparison } from './reading.ts';

type Guard = (comparison: Comparison) => Finding;

const GUARDS: Readonly<Record<GuardName, Guard>> = {
  numbers: findNumbers,
  units: findUnits,
  dates: findDates,
  negation: findNegation,
  names: findNames,
  quoted: findQuoted,
  language: findLanguage,
  antonyms: findAntonyms,
  direction: findDirection,
  'question-word': findQuestionWord,
};

/** The first guard that refuses, by name; null where none does. */
export function findConflict(asked: string, answered: string): GuardName | null {
  const comparison = toComparison(read(asked), read(answered));
  return GUARD_NAMES.find((name) => GUARDS[name](comparison).conflicts > 0) ?? null;
}

/** What every guard finds. */
export function compare(asked: string, answered: string): Findings {
  const comparison = toComparison(read(asked), read(answered));
  return Object.fromEntries(GUARD_NAMES.map((name) => [name, GUARDS[name](comparison)])) as Findings;
}
