/**
 * What an isolate tells of a domain's requests: for the controller, for the statistics, and what is kept of near hits and of
 * checked pairs. Texts are sealed for their owner before they leave the isolate; the one who keeps them cannot read them.
 */
import type { TrustLabel, TrustReport } from '../cache/trust/state.ts';
import { toDraw } from '../contract/draw.ts';
import type { JudgedCandidate, LabelledPair, TrustNote, TrustWish } from '../contract/trust.ts';
import type { Vault } from './vault.ts';

/** A note, and the shares that were in force for its request. */
export interface NotedRequest {
  note: TrustNote;
  share: number;
  missShare: number;
}

export interface TrustBatch {
  wish: TrustWish;
  /** The version of the publication that the isolate acts upon. */
  known: number;
  /** Scores are the keeper's to give: its head may be newer. */
  report: Omit<TrustReport, 'scores'>;
  /** Features of the candidates of those requests that had one. */
  judged: readonly (readonly number[])[];
  counts: TrustCounts;
  hits: readonly KeptHit[];
  pairs: readonly NewPair[];
}

/** Totals over requests. */
export interface TrustCounts {
  requests: number;
  exactHits: number;
  nearHits: number;
  sharedAnswers: number;
  misses: number;
  savedTokens: number;
  savedUsd: number;
  checkedHits: number;
  wrongHits: number;
  /** Of near hits. */
  failedChecks: number;
  lostReports: number;
  refusals: Readonly<Record<string, number>>;
}

/** A near hit, so that feedback finds it. */
export interface KeptHit {
  requestId: string;
  entry: string;
  features: readonly number[];
  similarity: number;
  /** Sealed; null where they are not kept. */
  texts: ArrayBuffer | null;
}

export interface NewPair {
  requestId: string;
  isRight: boolean;
  similarity: number;
  source: LabelledPair['source'];
  texts: ArrayBuffer;
}

/** Who keeps the texts, and under which names: `{domain}/{request}`. */
export interface Sealing {
  vault: Vault;
  owner: string;
  domain: string;
}

/** Longer texts together teach no verifier, and are not kept. In UTF-16 units. */
const MAX_TEXTS = 4096;
/** Of features, so that the state stays small. */
const DIGITS = 1e4;

/** What is not needed of a note leaves memory at once: texts of what was neither served nor checked, and long ones. */
export function trimNote(note: TrustNote): TrustNote {
  const { judged } = note;
  if (judged === null) {
    return note;
  }
  const isKept = note.tier === 'near' || isChecked(note);
  const fits = judged.asked.length + judged.answered.length <= MAX_TEXTS;
  const texts = isKept && fits ? {} : { asked: '', answered: '' };
  return { ...note, judged: { ...judged, ...texts, features: judged.features.map(round) } };
}

export async function toBatch(
  noted: readonly NotedRequest[],
  { wish, known, lostReports }: Pick<TrustBatch, 'wish' | 'known'> & { lostReports: number },
  sealing: Sealing,
): Promise<TrustBatch> {
  const kept = await Promise.all(
    noted.map(async ({ note }) => ({ note, texts: await seal(note.requestId, note.judged, sealing) })),
  );
  const learnt = noted.filter(isLearntFrom);
  // What lies in this isolate's memory alone is barred here alone: nothing of a question is to leave it.
  const nameOf = (entry: string): string => (sealing.vault.isOpen ? entry : '');
  return {
    wish,
    known,
    report: {
      requests: learnt.length,
      hits: countHits(learnt),
      labels: learnt.flatMap((one) => toLabel(one, nameOf)),
    },
    judged: learnt.flatMap(({ note: { judged } }) => (judged === null ? [] : [judged.features])),
    counts: count(noted, lostReports),
    hits: kept.flatMap(({ note: { tier, judged, requestId }, texts }) =>
      tier !== 'near' || judged === null
        ? []
        : [{ requestId, entry: nameOf(judged.entry), features: judged.features, similarity: judged.similarity, texts }],
    ),
    pairs: kept.flatMap(({ note, texts }) =>
      note.judged === null || texts === null || !isChecked(note)
        ? []
        : [
            {
              requestId: note.requestId,
              isRight: note.check === 'right',
              similarity: note.judged.similarity,
              source: note.tier === 'near' ? ('hit' as const) : ('miss' as const),
              texts,
            },
          ],
    ),
  };
}

/** The two texts; null for what no key opens. */
export async function openTexts(
  requestId: string,
  texts: ArrayBuffer,
  { vault, owner, domain }: Sealing,
): Promise<{ asked: string; answered: string } | null> {
  const plain = await vault.open(owner, nameOfTexts(domain, requestId), new Uint8Array(texts));
  if (plain === null) {
    return null;
  }
  const [asked = '', answered = ''] = JSON.parse(new TextDecoder().decode(plain)) as string[];
  return { asked, answered };
}

async function seal(
  requestId: string,
  judged: JudgedCandidate | null,
  { vault, owner, domain }: Sealing,
): Promise<ArrayBuffer | null> {
  if (judged === null || judged.asked === '') {
    return null;
  }
  const plain = new TextEncoder().encode(JSON.stringify([judged.asked, judged.answered]));
  return (await vault.seal(owner, nameOfTexts(domain, requestId), plain))?.buffer ?? null;
}

/** A miss whose check failed is left out, and a hit that no head judged. A hit stays in whatever became of its check: which fail may not be chance. */
function isLearntFrom({ note, share, missShare }: NotedRequest): boolean {
  const isJudged = note.tier === 'near' ? note.judged !== null && share > 0 : missShare > 0 && note.check !== 'failed';
  return note.wasSearched && isJudged;
}

function countHits(learnt: readonly NotedRequest[]): TrustReport['hits'] {
  const hits = learnt.filter(({ note }) => note.tier === 'near');
  const shares = new Set(hits.map(({ share }) => share));
  return [...shares].map((share) => {
    const own = hits.filter((one) => one.share === share);
    return { share, count: own.length, failed: own.filter(({ note }) => note.check === 'failed').length };
  });
}

function toLabel({ note, share, missShare }: NotedRequest, nameOf: (entry: string) => string): TrustLabel[] {
  const { judged, tier, check, requestId } = note;
  if (judged === null || !isChecked(note)) {
    return [];
  }
  const wasServed = tier === 'near';
  return [
    {
      entry: nameOf(judged.entry),
      features: judged.features,
      isRight: check === 'right',
      wasServed,
      probability: wasServed ? share : missShare,
      key: toDraw(requestId),
    },
  ];
}

function count(noted: readonly NotedRequest[], lostReports: number): TrustCounts {
  const notes = noted.map(({ note }) => note);
  const of = (isCounted: (note: TrustNote) => boolean): number => notes.filter(isCounted).length;
  const refusals: Record<string, number> = {};
  for (const guard of notes.flatMap((note) => note.refusals)) {
    refusals[guard] = (refusals[guard] ?? 0) + 1;
  }
  return {
    requests: notes.length,
    exactHits: of(({ tier }) => tier === 'exact'),
    nearHits: of(({ tier }) => tier === 'near'),
    sharedAnswers: of(({ tier }) => tier === 'shared'),
    misses: of(({ tier }) => tier === 'miss'),
    savedTokens: notes.reduce((sum, { savedTokens }) => sum + savedTokens, 0),
    savedUsd: notes.reduce((sum, { savedUsd }) => sum + savedUsd, 0),
    checkedHits: of((note) => note.tier === 'near' && isChecked(note)),
    wrongHits: of(({ tier, check }) => tier === 'near' && check === 'wrong'),
    failedChecks: of(({ tier, check }) => tier === 'near' && check === 'failed'),
    lostReports,
    refusals,
  };
}

function isChecked({ check }: TrustNote): boolean {
  return check === 'right' || check === 'wrong';
}

function nameOfTexts(domain: string, requestId: string): string {
  return `t:${domain}/${requestId}`;
}

function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
