/** Who does what to whom, what is turned into what: two places change with each other. */
import type { Kind } from '../kind.ts';
import { DIRECTION_TEMPLATES } from '../lexicons/templates-of-forms.ts';

const THING = String.raw`((?:[\p{L}\p{N}+#'’.-]+)(?: [\p{Lu}\p{N}][\p{L}\p{N}+#'’.-]*){0,2})`;
/** Words that stand beside "to" without being a place of it: "from time to time", "from home to start". */
const STOP =
  /^(?:time|another|one account|day|one|it|the|a|an|my|me|be|get|do|start|this|that|there|here|now|scratch|end|beginning|to|in|on|his|her|your|you|go|learn|work|good|bad)$/i;

const PATTERNS = [
  new RegExp(String.raw`\bfrom ${THING} to ${THING}(?=[\s?.!,]|$)`, 'iu'),
  new RegExp(String.raw`\b(?:is|are|was|were) ${THING} (?:\w+er|more \w+|less \w+) than ${THING}(?=[\s?.!,]|$)`, 'iu'),
  new RegExp(String.raw`\bconvert ${THING} (?:in)?to ${THING}(?=[\s?.!,]|$)`, 'iu'),
  new RegExp(
    String.raw`\bdid ${THING} (?:beat|defeat|invade|attack|betray|leave|kill|marry|sue|acquire|buy) ${THING}(?=[\s?.!,]|$)`,
    'iu',
  ),
];
const MARKED = /‹([^‹›]+)›([^‹›]*)‹([^‹›]+)›/;

export const direction: Kind = {
  edit: (text) => (MARKED.test(text) ? text.replace(MARKED, '‹$3›$2‹$1›') : swapFound(text)),
  templates: DIRECTION_TEMPLATES,
};

/** Marks where a template says what changes places; they are no part of the text. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[‹›]/g, '');
}

function swapFound(text: string): string | null {
  for (const pattern of PATTERNS) {
    const [whole = '', one = '', other = ''] = pattern.exec(text) ?? [];
    if (one !== '' && one.toLowerCase() !== other.toLowerCase() && !STOP.test(one) && !STOP.test(other)) {
      const at = text.indexOf(whole);
      const first = at + whole.indexOf(one, whole.indexOf(' '));
      const second = at + whole.length - other.length;
      return (
        text.slice(0, first) + other + text.slice(first + one.length, second) + one + text.slice(second + other.length)
      );
    }
  }
  return null;
}
