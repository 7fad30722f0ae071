/**
 * What the gateway benchmark compares: where each row's requests go, what they ask and what must come back. A row that
 * is served in another way than its name says stops the benchmark.
 */
import {
  conversationBody,
  firstQuestionBody,
  PARAPHRASES,
  STORED_QUESTION,
  toParaphrase,
  toQuestion,
} from './bodies.ts';

export type Server = 'origin' | 'perigee' | 'portkey';

export interface Target {
  key: string;
  label: string;
  server: Server;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** The body of the row's nth request, counted over the whole run. Empty: a GET. */
  body(n: number): string;
  /** What `x-perigee-cache` must say; an empty string where there is no such header. */
  outcome: string;
  /** Sent once before everything else, and stored by Perigee. */
  stored: readonly string[];
  /** Each request has its share of a model run, on the only thread: fewer of them fill the time. */
  embeds: boolean;
}

/** So many stored answers are asked for in turn. */
const HOT = 32;
const CHAT = { server: 'perigee', path: '/v1/chat/completions', headers: {}, stored: [], embeds: false } as const;
const EMBEDDINGS = { ...CHAT, path: '/v1/embeddings', outcome: '' };
// The lowest threshold, so that each paraphrase is near enough.
const SEMANTIC = { 'x-perigee-namespace': 'semantic', 'x-perigee-similarity': '0.5' };
// No other question is near enough.
const INDEXED = { 'x-perigee-namespace': 'indexed', 'x-perigee-similarity': '0.9999' };
const HOT_START = 9_000_000;
const TOPIC = 1;

export const TARGETS: readonly Target[] = [
  { ...CHAT, key: 'direct', label: 'origin, direct', server: 'origin', body: conversationBody, outcome: '' },
  {
    ...CHAT,
    key: 'portkey',
    label: 'Portkey, forwarding',
    server: 'portkey',
    body: conversationBody,
    outcome: '',
  },
  { ...CHAT, key: 'miss', label: 'Perigee, miss', body: (n) => conversationBody(1_000_000 + n), outcome: 'MISS' },
  {
    ...CHAT,
    key: 'miss_single_turn',
    label: 'Perigee, miss, first question',
    body: (n) => firstQuestionBody(toQuestion(2_000_000 + n), 2_000_000 + n),
    outcome: 'MISS',
    embeds: true,
  },
  {
    ...CHAT,
    key: 'miss_with_index',
    label: 'Perigee, miss after a near search',
    headers: INDEXED,
    body: (n) => firstQuestionBody(toQuestion(3_000_000 + n), TOPIC),
    outcome: 'MISS',
    stored: [firstQuestionBody(toQuestion(HOT_START), TOPIC)],
    embeds: true,
  },
  {
    ...CHAT,
    key: 'exact_hit',
    label: 'Perigee, exact hit',
    body: (n) => conversationBody(HOT_START + (n % HOT)),
    outcome: 'HIT',
    stored: Array.from({ length: HOT }, (_, n) => conversationBody(HOT_START + n)),
  },
  {
    ...CHAT,
    key: 'semantic_hit',
    label: 'Perigee, semantic hit',
    headers: SEMANTIC,
    body: (n) => firstQuestionBody(toParaphrase(HOT + (n % (PARAPHRASES - HOT))), TOPIC),
    outcome: 'SEMANTIC HIT',
    stored: [firstQuestionBody(STORED_QUESTION, TOPIC)],
    embeds: true,
  },
  {
    ...CHAT,
    key: 'semantic_hit_known',
    label: 'Perigee, semantic hit, text known',
    headers: SEMANTIC,
    body: (n) => firstQuestionBody(toParaphrase(n % HOT), TOPIC),
    outcome: 'SEMANTIC HIT',
  },
  {
    ...EMBEDDINGS,
    key: 'embed',
    label: 'Perigee, embedding',
    body: (n) => JSON.stringify({ model: 'minilm', input: toQuestion(4_000_000 + n) }),
    embeds: true,
  },
  {
    ...EMBEDDINGS,
    key: 'embed_known',
    label: 'Perigee, embedding, text known',
    body: (n) => JSON.stringify({ model: 'minilm', input: toQuestion(5_000_000 + (n % HOT)) }),
  },
  { ...CHAT, key: 'healthz', label: 'Perigee, /healthz', path: '/healthz', body: () => '', outcome: '' },
];
