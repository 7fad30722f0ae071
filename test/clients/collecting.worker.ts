/** The gateway, and beside its routes one that collects all garbage: what its heap holds then, somebody holds. */
import gateway from '../../src/index.ts';

export * from '../../src/index.ts';

export default {
  fetch: (request, env, context) => {
    if (new URL(request.url).pathname !== '/collect') {
      return gateway.fetch(request, env, context);
    }
    const { gc } = globalThis as { gc?: () => void };
    gc?.();
    return Response.json({ isCollected: gc !== undefined });
  },
} satisfies ExportedHandler<Cloudflare.Env>;
