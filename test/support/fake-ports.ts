/**
 * All fakes, put together as `compose.ts` puts the real ports together.
 * Background work waits for `settle()`, so that a test sees what is there before it and after it.
 */
import { createPaceBoard } from '../../src/bindings/pace-board.ts';
import { createFills } from '../../src/bindings/fills.ts';
import type { Ports } from '../../src/contract/ports.ts';
import type { Settings } from '../../src/contract/settings.ts';
import { createFakeAnswers, type FakeAnswers } from './fake-answers.ts';
import { createFakeCatalogue, toEntry, type FakeCatalogue } from './fake-catalogue.ts';
import { createFakeClassifier, type FakeClassifier } from './fake-classifier.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeEmbedder, type FakeEmbedder } from './fake-embedder.ts';
import { createFakeExits, type FakeExits } from './fake-exits.ts';
import { createFakeBoard, type FakeBoard } from './fake-board.ts';
import { createFakeKeys, type FakeKeys } from './fake-keys.ts';
import { createFakeNamespaces, type FakeNamespaces } from './fake-namespaces.ts';
import { createFakeLog, type FakeLog } from './fake-log.ts';
import { createFakeOriginClient, type FakeOriginClient, type Script } from './fake-origin-client.ts';
import { createFakeTrust, type FakeTrust } from './fake-trust.ts';
import { createFakeVerifier, type FakeVerifier } from './fake-verifier.ts';
import { createFakeTensors, type FakeTensors } from './fake-tensors.ts';
import { createFakeTokenizer, type FakeTokenizer } from './fake-tokenizer.ts';
import { createFakeScopes, type FakeScopes } from './fake-scopes.ts';
import { sampleDigest, sampleSettings } from './samples.ts';

export interface FakePorts extends Ports {
  clock: FakeClock;
  keys: FakeKeys;
  answers: FakeAnswers;
  scopes: FakeScopes;
  embedder: FakeEmbedder;
  tokenizer: FakeTokenizer;
  verifier: FakeVerifier;
  trust: FakeTrust;
  classifier: FakeClassifier;
  exits: FakeExits;
  tensors: FakeTensors;
  origins: FakeOriginClient;
  board: FakeBoard;
  catalogue: FakeCatalogue;
  log: FakeLog;
  namespaces: FakeNamespaces;
  /** Runs the background work that was started, and what that starts. */
  settle(): Promise<void>;
}

/** `script`: what the origins answer. */
export function createFakePorts(
  script: Script,
  { origins, origin: { breaker } }: Pick<Settings, 'origins' | 'origin'> = sampleSettings(),
): FakePorts {
  const clock = createFakeClock();
  const scopes = createFakeScopes();
  const waiting: (() => Promise<unknown>)[] = [];
  const board = createFakeBoard({ origins, clock, breaker });
  const fills = createFills({ maxBytes: 1024 * 1024, now: () => clock.now(), sleep: nextTurn });
  return {
    clock,
    scopes,
    keys: createFakeKeys(),
    answers: createFakeAnswers({ clock }),
    embedder: createFakeEmbedder(),
    tokenizer: createFakeTokenizer(),
    verifier: createFakeVerifier(),
    trust: createFakeTrust(),
    classifier: createFakeClassifier(),
    exits: createFakeExits(),
    tensors: createFakeTensors(),
    origins: createFakeOriginClient(script),
    pace: createPaceBoard({ clock, threadShare: 0.5, sleep: nextTurn }),
    fills: fills.forRequest((work) => void work),
    board,
    catalogue: createFakeCatalogue({
      configured: origins.map(toEntry),
      replace: (next) => board.replace(next),
    }),
    log: createFakeLog(),
    namespaces: createFakeNamespaces(),
    digest: sampleDigest,
    wait: (ms, signal) => clock.wait(ms, signal),
    background: (work) => void waiting.push(work),
    settle: async () => {
      for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
        await work();
      }
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
