/**
 * What is left to do once a stored answer has left: a stale one is asked for anew, and of near hits a share is checked against
 * the origin, whose answer is then stored for the question itself.
 */
import { isFresh } from '../cache/freshness.ts';
import type { StoredContent } from '../contract/answer.ts';
import type { Ports } from '../contract/ports.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder, Trace } from '../contract/trace.ts';

import { isDrawn, learn } from './learn.ts';
import type { Found, LookUp } from './look-up.ts';
import { revalidate } from './revalidate.ts';

export async function endHit(
  asked: LookUp,
  found: Found & { hit: NonNullable<Found['hit']> },
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Partial<Trace>> {
  const { stored, similarity } = found.hit;
  const tier = similarity === null ? 'exact' : 'near';
  const isStale = !isFresh(stored, { maxAgeSeconds: null, now: ports.clock.now() });
  let wasTold = false;
  const tell = (content: StoredContent | null): Promise<number | null> => {
    wasTold = true;
    return learn(asked, found, { tier, content }, ports, recorder);
  };
  try {
    return isStale || isDrawn(asked, found, tier)
      ? await revalidate(asked, found, { why: isStale ? 'stale' : 'checked', tell }, ports, settings, recorder)
      : {};
  } finally {
    if (!wasTold) {
      await tell(null);
    }
  }
}
