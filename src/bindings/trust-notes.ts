/** Notes of one domain that nobody has been told of yet, in an isolate's memory: bounded in number and in bytes. */
import { trimNote, type NotedRequest } from './trust-batch.ts';

export interface PendingNotes {
  readonly size: number;
  /** About. */
  readonly bytes: number;
  /** False: they were too many, and those before it are gone. `keepsTexts`: false where nothing can be told for a while. */
  add(noted: NotedRequest, options: { keepsTexts: boolean }): boolean;
  /** All of them, which are then no longer here. */
  take(): readonly NotedRequest[];
}

const MAX_NOTES = 400;
/** Beyond, all go without their texts. */
const MAX_BYTES = 262_144;
/** Of a note without texts, about. */
const NOTE_BYTES = 600;

export function createPendingNotes(): PendingNotes {
  let notes: NotedRequest[] = [];
  let bytes = 0;
  return {
    get size() {
      return notes.length;
    },
    get bytes() {
      return bytes;
    },

    add: ({ note, ...noted }, { keepsTexts }) => {
      const isFull = notes.length >= MAX_NOTES;
      if (isFull) {
        [notes, bytes] = [[], 0];
      }
      const trimmed = { ...noted, note: trimNote(note) };
      const one = keepsTexts ? trimmed : withoutTexts(trimmed);
      notes.push(one);
      bytes += bytesOf(one);
      if (bytes > MAX_BYTES) {
        notes = notes.map(withoutTexts);
        bytes = NOTE_BYTES * notes.length;
      }
      return !isFull;
    },

    take: () => {
      const taken = notes;
      [notes, bytes] = [[], 0];
      return taken;
    },
  };
}

function bytesOf({ note: { judged } }: NotedRequest): number {
  return NOTE_BYTES + 2 * ((judged?.asked.length ?? 0) + (judged?.answered.length ?? 0));
}

function withoutTexts(noted: NotedRequest): NotedRequest {
  const { judged } = noted.note;
  return judged === null
    ? noted
    : { ...noted, note: { ...noted.note, judged: { ...judged, asked: '', answered: '' } } };
}
