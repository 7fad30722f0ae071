/** What is affirmed in one question is denied in the other. The grammar's few words serve both halves; stems are split. */
import { ofHalf, type Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { PREFIXED } from '../lexicons/negation.ts';
import { NEGATION_TEMPLATES } from '../lexicons/templates-of-words.ts';
import { editByChoice, toChoices } from './choices.ts';

/** Yes-or-no questions that begin with "don't" ask what they ask without it, so none of the rules makes them. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /\b(why|where|when|how come|what|who|which \w+) (do|does|did|is|are|was|were|should|would|could|has|have)\b(?! not|n't)/i,
    "$1 $2n't",
  ],
  [/\b(why|where|when|what|who|which \w+) (can)\b(?! not|'t)/i, "$1 $2't"],
  [/\b(what|where|when|who) (should|can|could|would|do|did) (I|we|you|they|people) (?!not)/i, '$1 $2 $3 not '],
  [/\b(do|does|did|is|are|was|were|should|would|could|has|have)n't\b/i, '$1'],
  [/\bcan't\b|\bcannot\b/i, 'can'],
  [/\b(is|are|was|were|do|does|did|will|should|would|could|can|may|must) not\b/i, '$1'],
  [/\bhow to (?!not)/i, 'how not to '],
  [/\b(I|we|you|they) (have|need|want|know|like|use|own|see|get) (?!not)/i, "$1 don't $2 "],
  [/\b(I|we|you|they) (can|should|could|would|will|must) (?!not)/i, '$1 $2 not '],
  [/\b(I|we|you|they) don't (have|need|want|know|like|use|own|see|get)\b/i, '$1 $2'],
  [/\b(that|which|who) (is|are|was|were|can|should|will|has|have) (?!not)/i, '$1 $2 not '],
  [/\bif (I|you|we|they) (\w{3,}) /i, "if $1 don't $2 "],
  [/\bto (?=be|have|use|eat|take|go|get|buy|make|pay|wear)(?!not)/i, 'not to '],
  [/\bwithout\b/i, 'with'],
  [/\bwith\b(?! ?out)/i, 'without'],
  [/\bnever\b/i, 'always'],
  [/\balways\b/i, 'never'],
  [/\bincluding\b/i, 'excluding'],
  [/\bexcept\b/i, 'including'],
  [/\bno longer\b/i, 'still'],
  [/\bstill\b/i, 'no longer'],
];

const editPrefix = editByChoice((half) => toChoices(ofHalf(PREFIXED, half).map((pair) => pair.map((word) => [word]))));

export const negation: Kind = {
  edit: (text, draw) =>
    draw.chance(0.4)
      ? (editPrefix(text, draw) ?? editByRule(text, draw))
      : (editByRule(text, draw) ?? editPrefix(text, draw)),
  templates: NEGATION_TEMPLATES,
};

function editByRule(text: string, draw: Draw): string | null {
  const fitting = RULES.filter(([pattern]) => pattern.test(text));
  if (fitting.length === 0) {
    return null;
  }
  const [pattern, replacement] = draw.one(fitting);
  return text.replace(pattern, replacement);
}
