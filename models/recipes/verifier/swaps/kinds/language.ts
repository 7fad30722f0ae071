/** The same question in another language: its answer is in another language too. */
import type { Draw } from '../draw.ts';
import { FRAMES, NOUNS } from '../lexicons/translations.ts';

export function translate(draw: Draw): [string, string] {
  const [frame, noun] = [draw.own(FRAMES), draw.own(NOUNS)];
  const write = (at: number): string => {
    const text = (frame[at] ?? '').replace('{x}', noun[at] ?? '');
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  const one = draw.chance(0.8) ? 0 : Math.floor(draw.random() * frame.length);
  const others = frame.map((_, at) => at).filter((at) => at !== one);
  return [write(one), write(draw.one(others))];
}
