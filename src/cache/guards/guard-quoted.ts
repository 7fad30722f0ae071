/** What is quoted is meant to the letter: it must stand in the other question, with quotes or without. Pure. */
import type { Finding } from './finding.ts';
import type { Comparison, Reading } from './reading.ts';

export function findQuoted({ asked, answered }: Comparison): Finding {
  const missing = [...notIn(asked, answered), ...notIn(answered, asked)].length;
  const areBothQuoting = asked.quoted.length > 0 && answered.quoted.length > 0;
  return areBothQuoting ? { conflicts: missing, hints: 0 } : { conflicts: 0, hints: missing };
}

function notIn({ quoted }: Reading, other: Reading): string[] {
  if (quoted.length === 0) {
    return [];
  }
  const text = plain(other.text);
  const inside = new Set(other.quoted.map(plain));
  return quoted.filter(
    (inner) => !inside.has(plain(inner)) && (other.quoted.length > 0 || !text.includes(plain(inner))),
  );
}

/** Case, white space and the points at its ends do not count, and commas and points are inside or outside of quotes by taste. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s.,!?]+/, '')
    .replace(/[\s.,!?]+$/, '');
}
