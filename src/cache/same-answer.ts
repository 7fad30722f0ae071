/**
 * Whether two answers say the same. Equal words do, other figures in short answers do not; what is left is for the
 * embeddings' cosine to say, which is a judgement and can err. Pure.
 */
import { isJsonObject, type Json } from '../contract/json.ts';
import { canonicalise } from './canonical.ts';
import { compare } from './guards/compare.ts';

/**
 * The least cosine of two answers that say the same. Of pairs of sentences that people scored for likeness (stsb/train, every fifth), minilm puts above it
 * 76 % of those scored 4.6 to 5, 47 % from 4 on, 25 % from 3 on, 11 % from 2 on, 3 % below: it errs towards "different".
 */
export const LEAST_ANSWER_COSINE = 0.85;

/** In letters: what two longer answers differ in may be a detail. */
const SHORT = 300;
const DECISIVE = ['numbers', 'units', 'dates', 'negation'] as const;

/** An answer's text without what does not change what it says: equal for answers that are known to be the same. */
export function toEssence(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s*_`#]+/gu, ' ');
  return toCanonicalJson(text) ?? plain.trim().replace(/[.!]+$/u, '');
}

export function compareAnswers(one: string, other: string): 'same' | 'different' | 'unclear' {
  if (toEssence(one) === toEssence(other)) {
    return 'same';
  }
  if (toCanonicalJson(one) !== null && toCanonicalJson(other) !== null) {
    return 'different';
  }
  if (one.length > SHORT || other.length > SHORT) {
    return 'unclear';
  }
  const findings = compare(one, other);
  return DECISIVE.some((name) => findings[name].conflicts > 0) ? 'different' : 'unclear';
}

/** Of an object or a list; null for another text, or one too deep to be read. */
function toCanonicalJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) {
    return null;
  }
  try {
    const json = JSON.parse(text) as Json;
    return Array.isArray(json) || isJsonObject(json) ? canonicalise(json) : null;
  } catch {
    return null;
  }
}
