/** The Worker's bindings. Vars and secrets are read by `settings.ts` alone. */
declare namespace Cloudflare {
  // A declaration file without imports of its own is global.
  interface GlobalProps {
    // oxlint-disable-next-line typescript/consistent-type-imports
    mainModule: typeof import('./index.ts');
  }
  interface Env {
    KV: KVNamespace;
    ASSETS: Fetcher;
    VECTORIZE?: Vectorize;
    // oxlint-disable-next-line typescript/consistent-type-imports
    AI?: import('./bindings/workers-ai-client.ts').WorkersAi;
    // oxlint-disable-next-line typescript/consistent-type-imports
    EXIT_TUNER: DurableObjectNamespace<import('./compose-tuner.ts').ExitTuner>;
    // oxlint-disable-next-line typescript/consistent-type-imports
    REGIONAL_CACHE: DurableObjectNamespace<import('./compose-regional.ts').RegionalCache>;
    // oxlint-disable-next-line typescript/consistent-type-imports
    CACHE_SCOPE: DurableObjectNamespace<import('./compose-scopes.ts').CacheScope>;
    // oxlint-disable-next-line typescript/consistent-type-imports
    CACHE_TRUST: DurableObjectNamespace<import('./compose-trust.ts').CacheTrust>;
    // oxlint-disable-next-line typescript/consistent-type-imports
    ORIGIN_BOARD: DurableObjectNamespace<import('./compose-board.ts').OriginBoard>;
    // oxlint-disable-next-line typescript/consistent-type-imports
    ORIGIN_CATALOGUE: DurableObjectNamespace<import('./compose-catalogue.ts').OriginCatalogue>;
  }
}
