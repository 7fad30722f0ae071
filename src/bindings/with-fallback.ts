/** A part of memory that may fail on its execution provider, as stages do, and then goes on with WebAssembly. */
import { ProviderFault } from './gpu-stage.ts';
import type { Part } from './model-pool.ts';

/** Where the work meets a ProviderFault, `refuse` hears why; the part is loaded anew, and the work starts again. */
export function withFallback<T>(part: Part<T>, refuse: (reason: string) => void): Part<T> {
  return {
    async use(background, work) {
      let used: T | null = null;
      try {
        return await part.use(background, (given) => {
          used = given;
          return work(given);
        });
      } catch (error) {
        if (!(error instanceof ProviderFault) || used === null) {
          throw error;
        }
        refuse(error.message);
        await part.discard(used);
        return part.use(background, work);
      }
    },
    useIfKept: (kept, work) => part.useIfKept(kept, work),
    discard: (broken) => part.discard(broken),
    get loaded() {
      return part.loaded;
    },
  };
}
