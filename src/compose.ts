/**
 * Puts the parts together: the Worker's bindings become ports. The only file that knows both sides. What is made here
 * once lives as long as the isolate; what `portsFor` makes belongs to one request.
 */
import { composeCatalogue } from './compose-catalogue.ts';
import { composeLocal } from './compose-local.ts';
import { cachesIn } from './compose-regional.ts';
import { createAnswersByPlace } from './bindings/answers-by-place.ts';
import { createFills } from './bindings/fills.ts';
import { createRoutingBoard } from './bindings/routing-board.ts';
import { createAnswerStore } from './bindings/kv-answers.ts';
import { createNamespaces } from './bindings/kv-namespaces.ts';
import { createKeyStore } from './bindings/kv-keys.ts';
import { createPaceBoard } from './bindings/pace-board.ts';
import { createRegionalAnswers } from './bindings/regional-answers.ts';
import { createOriginClient } from './bindings/origin-client.ts';
import { createOriginsByProtocol } from './bindings/origins-by-protocol.ts';
import { createTraceLog } from './bindings/trace-log.ts';
import { createVault } from './bindings/vault.ts';
import { composeBoard } from './compose-board.ts';
import { createWorkersAiClient } from './bindings/workers-ai-client.ts';
import { composeScopes } from './compose-scopes.ts';
import { INDEX_FORMAT } from './cache/index/segment.ts';
import { composeTrust } from './compose-trust.ts';
import type { Alias } from './contract/alias.ts';
import type { Ports } from './contract/ports.ts';
import type { Settings } from './contract/settings.ts';
import type { Gateway, ModelListing } from './http/context.ts';
import { listAliases } from './origin/aliases.ts';
import { listModels, type ListedModel } from './origin/catalogue.ts';
import { refuseNamesOf } from './settings-aliases.ts';
import { warnOfCache } from './settings-cache.ts';

export function compose(env: Cloudflare.Env, settings: Settings): Gateway {
  const { cache, origin } = settings;
  const clock = { now: () => Date.now() };
  const warnings = warnOfCache(cache);
  const vault = createVault(cache);
  const local = composeLocal(env, settings, clock, vault);
  refuseNamesOf(
    settings.aliases.map(({ name }) => name),
    local.listings().map(({ id }) => id),
  );
  const scopes = composeScopes(env, {
    clock,
    kind: `${local.vectorKind}.${INDEX_FORMAT}`,
    // Half for answers, half for the vectors that find them.
    memoryBytes: cache.memoryBytes / 2,
    refreshSeconds: cache.refreshSeconds,
    here: cache.here,
    isKept: vault.isOpen,
    dimensions: local.vectorDimensions,
  });
  const trust = composeTrust(env, {
    kind: `${local.vectorKind}/${local.verifierKind}`,
    vault,
    clock,
    here: cache.here,
  });
  const fills = createFills({ maxBytes: cache.maxEntryBytes, now: () => clock.now() });
  const namespaces = createNamespaces({
    kv: env.KV,
    clock,
    digest: (text) => vault.digest(text),
    policies: cache.namespaces,
    refreshSeconds: cache.refreshSeconds,
  });
  const board = createRoutingBoard({ origins: settings.origins, clock, breaker: origin.breaker });
  const boardLink = composeBoard(env, { board, clock });
  const catalogue = composeCatalogue(env, { replace: (origins) => board.replace(origins), clock });
  const shared: Pick<Ports, 'clock' | 'keys' | 'answers' | 'origins' | 'board' | 'log' | 'digest' | 'pace' | 'wait'> = {
    clock,
    keys: createKeyStore({ kv: env.KV, clock }),
    answers: createAnswersByPlace(
      createAnswerStore({
        kv: env.KV,
        vault,
        clock,
        memoryBytes: cache.memoryBytes / 2,
        refreshSeconds: cache.refreshSeconds,
      }),
      createRegionalAnswers({ cacheIn: cachesIn(env.REGIONAL_CACHE, cache.here), vault }),
    ),
    origins: createOriginsByProtocol(createOriginClient(), env.AI === undefined ? null : createWorkersAiClient(env.AI)),
    board,
    log: createTraceLog(warnings),
    pace: createPaceBoard({ clock, threadShare: cache.threadShare }),
    digest: (text) => vault.digest(text),
    wait,
  };

  return {
    settings,
    warnings: () => [...warnings, ...catalogue.warnings()],
    assets: { fetch: (url) => env.ASSETS.fetch(url) },
    portsFor: (context, colo) => {
      const waitUntil = (work: Promise<unknown>): void => context.waitUntil(work);
      if (colo !== undefined) {
        boardLink.forRequest(colo, waitUntil);
      }
      return {
        ...shared,
        embedder: local.embedder.forRequest(waitUntil),
        tokenizer: local.tokenizer.forRequest(waitUntil),
        verifier: local.verifierFor(waitUntil),
        classifier: local.classifier.forRequest(waitUntil),
        tensors: local.tensors.forRequest(waitUntil),
        exits: local.exits.forRequest(waitUntil),
        scopes: scopes.forRequest(waitUntil),
        trust: trust.forRequest(waitUntil),
        fills: fills.forRequest(waitUntil),
        catalogue: catalogue.forRequest(waitUntil),
        namespaces: namespaces.forRequest(waitUntil),
        background: (work) => waitUntil(afterAnswer(work)),
      };
    },
    models: () => [
      ...local.listings(),
      ...listModels(board.origins()).map(describeRemote),
      ...listAliases(settings.aliases, board.origins()).map(describeAlias),
    ],
  };
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await scheduler.wait(ms, signal === undefined ? {} : { signal });
  } catch {
    // Aborted: nobody waits any more.
  }
}

function describeRemote({ id, origins, protocols }: ListedModel): ModelListing {
  return { id, ownedBy: 'origin', createdAt: 0, details: { runs: 'at an origin', origins, protocols } };
}

function describeAlias(alias: Alias): ModelListing {
  const standsFor = alias.kind === 'model' ? { model: alias.model } : { small: alias.small, large: alias.large };
  return {
    id: alias.name,
    ownedBy: 'perigee',
    createdAt: 0,
    details: { runs: 'an alias', ...standsFor, ...(alias.kind === 'tiers' ? { quality: alias.quality } : {}) },
    standsFor: Object.values(standsFor),
  };
}

/** A turn of the event loop lets the answer's head leave before work that would hold the isolate's one thread. */
async function afterAnswer(work: () => Promise<unknown>): Promise<void> {
  await scheduler.wait(0);
  try {
    await work();
  } catch (error) {
    console.error(JSON.stringify({ background: error instanceof Error ? error.message : String(error) }));
  }
}
