/** Another thing is asked of the same matter: why and how, when and where, how many and how old. */
import type { Kind } from '../kind.ts';
import { QUESTION_WORD_TEMPLATES } from '../lexicons/templates-of-forms.ts';

const AUXILIARY = '(do|does|did|can|could|should|would|will|is|are|was|were|has|have)';
/** What may stand for the first group's word; the auxiliary that follows stays. */
const RULES: readonly { pattern: RegExp; words: readonly string[] }[] = [
  {
    pattern: new RegExp(String.raw`\b(how|why|when|where) (?=${AUXILIARY}\b)`, 'i'),
    words: ['how', 'why', 'when', 'where'],
  },
  {
    pattern:
      /\bhow (old|tall|heavy|big|fast|long|far|deep|high|wide|often|much|many|expensive|hot)(?= (?:is|are|was|were)\b)/i,
    words: ['old', 'tall', 'heavy', 'big', 'fast', 'often', 'long', 'deep', 'expensive'],
  },
  { pattern: /^(who|what|when|where|why)(?= (?:is|was|are|were) )/i, words: ['who', 'what', 'when', 'where', 'why'] },
  { pattern: /^(who|when|where|why|how)(?= did )/i, words: ['who', 'when', 'where', 'why', 'how'] },
  { pattern: /\b(how|when|where|whether|why)(?= to )/i, words: ['how', 'when', 'where', 'whether', 'why'] },
  {
    pattern: /^(who|what|which)(?= (?:invented|discovered|wrote|founded|built|caused|made|owns|created) )/i,
    words: ['when was it that someone', 'where was it that someone', 'why was it that someone'],
  },
];

export const questionWord: Kind = {
  edit: (text, draw) => {
    const fitting = RULES.filter(({ pattern }) => pattern.test(text));
    if (fitting.length === 0) {
      return null;
    }
    const { pattern, words } = draw.one(fitting);
    return text.replace(pattern, (found, word: string) => {
      const other = draw.one(words.filter((one) => one !== word.toLowerCase()));
      const at = found.toLowerCase().lastIndexOf(word.toLowerCase());
      const changed = found.slice(0, at) + other + found.slice(at + word.length);
      return /^\p{Lu}/u.test(found) ? changed.charAt(0).toUpperCase() + changed.slice(1) : changed;
    });
  },
  templates: QUESTION_WORD_TEMPLATES,
};
