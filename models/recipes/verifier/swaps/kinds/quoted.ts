/** Other words between quotes or backticks: what is quoted is meant to the letter. */
import type { Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { SLOTS } from '../lexicons/slots.ts';
import { QUOTED_TEMPLATES } from '../lexicons/templates-of-forms.ts';

const QUOTED = /(["“”`])([^"“”`]{2,60})(["“”`])/;

export const quoted: Kind = {
  edit: (text, draw) => {
    const [whole, open = '', inner = '', close = ''] = QUOTED.exec(text) ?? [];
    const other = whole === undefined ? inner : changeInner(inner, open, draw);
    return whole === undefined || other.toLowerCase() === inner.toLowerCase()
      ? null
      : text.replace(whole, () => open + other + close);
  },
  templates: QUOTED_TEMPLATES,
};

function changeInner(inner: string, open: string, draw: Draw): string {
  const words = inner.split(' ');
  if (words.length > 2 && draw.chance(0.4)) {
    const at = Math.floor(draw.random() * (words.length - 1));
    return [...words.slice(0, at), words[at + 1], words[at], ...words.slice(at + 2)].join(' ');
  }
  const values = SLOTS[open === '`' ? 'snippet' : draw.one(['phrase', 'title'])];
  return Array.isArray(values) ? draw.own<string>(values) : inner;
}
