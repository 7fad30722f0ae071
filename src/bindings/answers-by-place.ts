/** One AnswerStore of two: what is bound to a jurisdiction goes to the regional one, and never to the other. */
import type { AnswerStore, EntryKey } from '../contract/ports.ts';

export function createAnswersByPlace(anywhere: AnswerStore, regional: AnswerStore): AnswerStore {
  const placeOf = ({ jurisdiction }: EntryKey): AnswerStore => (jurisdiction === null ? anywhere : regional);
  return {
    recall: (key) => placeOf(key).recall(key),
    get: (key) => placeOf(key).get(key),
    put: (key, answer) => placeOf(key).put(key, answer),
    remove: (key) => placeOf(key).remove(key),
  };
}
