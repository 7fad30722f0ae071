/** The Worker's bindings. Vars and secrets are read by `settings.ts` alone. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('./index.ts');
  }
  interface Env {
    KV: KVNamespace;
    ASSETS: Fetcher;
  }
}
