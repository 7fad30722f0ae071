/** Words that deny: of themselves, and by what they begin or end with. */

/** What each denies with: "without" and "with no" are one way, "not" and "never" another. */
export const NEGATORS: ReadonlySet<string> = new Set(
  'not no never none nobody nothing neither nor without cannot cant except excluding dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt cant mustnt hasnt havent hadnt neednt aint noone nowhere hardly barely nt unable'.split(
    ' ',
  ),
);

/** Beside these a "not" does not count. */
export const BEFORE_EMPTY: ReadonlySet<string> = new Set(['or', 'why']);
export const AFTER_EMPTY: ReadonlySet<string> = new Set(['only', 'just', 'matter']);

const PREFIXES = ['un', 'in', 'im', 'il', 'ir', 'dis', 'non', 'mis', 'anti'];
const MIN_STEM = 4;

/** What a word may be without a prefix that denies: `unsafe` gives `safe`. It need not be a word. */
export function withoutPrefix(word: string): string[] {
  return PREFIXES.filter((prefix) => word.startsWith(prefix) && word.length - prefix.length >= MIN_STEM).map((prefix) =>
    word.slice(prefix.length),
  );
}
