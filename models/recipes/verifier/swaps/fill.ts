/** Templates to sentences: `{city}` and `{city2}` are two different cities of the drawing half. */
import type { Draw } from './draw.ts';
import { SLOTS } from './lexicons/slots.ts';

const SLOT = /\{([a-z]+)(\d?)\}/g;
const MAX_TRIES = 50;

/** Throws where a template names a slot that there is not. */
export function fill(template: string, draw: Draw): string {
  const taken = new Map<string, string>();
  return template.replaceAll(SLOT, (slot, name: string) => {
    const known = taken.get(slot);
    if (known !== undefined) {
      return known;
    }
    const values = SLOTS[name];
    if (values === undefined) {
      throw new Error(`template: expected a slot of the lexicon, received ${slot} in ${template}`);
    }
    const next = (): string => (typeof values === 'function' ? values(draw) : draw.own(values));
    let value = next();
    for (let tries = 0; [...taken.values()].includes(value) && tries < MAX_TRIES; tries++) {
      value = next();
    }
    taken.set(slot, value);
    return value;
  });
}
