/** Sends each call by what its origin speaks: HTTP, or the platform's binding. */
import type { OriginClient } from '../contract/ports.ts';

/** `workersAi` is null where there is no binding; settings name no origin of it then. */
export function createOriginsByProtocol(http: OriginClient, workersAi: OriginClient | null): OriginClient {
  return {
    send: (call, signal) =>
      (call.protocol === 'workers-ai' && workersAi !== null ? workersAi : http).send(call, signal),
  };
}
