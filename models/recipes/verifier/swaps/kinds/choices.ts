/** Edits that put one entry of a lexicon in another's place. */
import type { Draw, Half } from '../draw.ts';
import type { Edit } from '../kind.ts';
import { findPlaces, replaceAt, wordPattern } from './replace.ts';

/** By a word in lower case: what may stand in its place. */
export type Choices = ReadonlyMap<string, readonly string[]>;

/** `choicesOf` is asked once for each half; `isPlace` says of a text up to a word whether the word is meant there. */
export function editByChoice(
  choicesOf: (half: Half) => Choices,
  isPlace: (before: string) => boolean = () => true,
): Edit {
  const known = new Map<Half, { choices: Choices; pattern: RegExp }>();
  return (text: string, draw: Draw) => {
    const { choices, pattern } = known.get(draw.half) ?? prepare(choicesOf(draw.half));
    known.set(draw.half, { choices, pattern });
    const places = findPlaces(text, pattern).filter(
      ({ at, word }) => (choices.get(word.toLowerCase()) ?? []).length > 0 && isPlace(text.slice(0, at)),
    );
    if (places.length === 0) {
      return null;
    }
    const place = draw.one(places);
    const lower = text.toLowerCase();
    // "pros and cons" must not become "pros and pros".
    const others = (choices.get(place.word.toLowerCase()) ?? []).filter(
      (other) => !lower.includes(other.toLowerCase()),
    );
    return others.length === 0 ? null : replaceAt(text, place, draw.one(others));
  };
}

/** Any entry for any other of its group; an entry is its names for one thing. */
export function toChoices(groups: readonly (readonly (readonly string[])[])[]): Choices {
  const choices = new Map<string, readonly string[]>();
  for (const entries of groups) {
    for (const entry of entries) {
      const others = entries.filter((other) => other !== entry).flat();
      for (const name of entry) {
        choices.set(name.toLowerCase(), others);
      }
    }
  }
  return choices;
}

function prepare(choices: Choices): { choices: Choices; pattern: RegExp } {
  return { choices, pattern: wordPattern([...choices.keys()]) };
}
