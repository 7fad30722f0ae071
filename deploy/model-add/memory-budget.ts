/** What `wrangler.toml` leaves for models. */
import { join } from 'node:path';
import { parseSettings } from '../../src/settings.ts';

/** Bytes. Wrangler takes seconds to load, so it is loaded when it is needed. */
export async function memoryBudget(root: string): Promise<number> {
  const { unstable_readConfig: readConfig } = await import('wrangler');
  const { ORIGINS: _, ...vars } = readConfig({ config: join(root, 'wrangler.toml') }).vars as Record<string, unknown>;
  const place = { region: 'r', latitude: 0, longitude: 0, jurisdiction: 'none' };
  // Origins have to be there, and play no part.
  const ORIGINS = [
    { ...place, id: 'none', url: 'https://none.invalid', models: [{ id: 'none', input_price: 0, output_price: 0 }] },
  ];
  const { local, cache } = parseSettings({ ...vars, ORIGINS });
  return local.modelMemoryBytes - cache.memoryBytes - local.embeddingMemoryBytes;
}
