/** Decisions of the shipped router in workerd, with their times. */
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { bundleWorker } from '../../../deploy/bundle-worker.ts';
import { DECIDE_PATH, type DecideBody, type Decided } from './messages.ts';

/** Prompts of one request: each takes some milliseconds of waiting for a tick of the clock. */
const BATCH = 50;

/** In the order of the prompts. The first batch is asked twice, and counts the second time. */
export async function decideInWorker(prompts: readonly string[], quality: number): Promise<Decided[]> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      workers: [
        {
          ...bundleWorker(join(import.meta.dirname, 'tiers.worker.ts')),
          name: 'tiers',
          modulesRoot: '/',
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
      ],
    }),
  );
  try {
    const url = new URL(DECIDE_PATH, await miniflare.unsafeGetDirectURL());
    const ask = async (some: readonly string[]): Promise<Decided[]> => {
      const body: DecideBody = { prompts: some, quality };
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) {
        throw new Error(`tiers worker: expected status 200, received ${answer.status}: ${await answer.text()}`);
      }
      return (await answer.json()) as Decided[];
    };
    await ask(prompts.slice(0, BATCH));
    const decided: Decided[] = [];
    for (let at = 0; at < prompts.length; at += BATCH) {
      decided.push(...(await ask(prompts.slice(at, at + BATCH))));
    }
    return decided;
  } finally {
    await miniflare.dispose();
  }
}
