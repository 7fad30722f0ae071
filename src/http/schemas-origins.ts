/** The bodies of /admin/origins. An entry's schema describes it in /openapi.json; it is checked as `ORIGINS` in the settings is. */
import { z } from '@hono/zod-openapi';
import { METRICS, MODALITIES, PROTOCOLS, TIERS } from '../contract/origin.ts';

const text = z.string();
const count = z.int().min(0);

const originEntry = z
  .strictObject({
    id: text,
    url: text.optional().openapi({ description: 'None with workers-ai' }),
    protocol: z.enum(PROTOCOLS).optional(),
    region: text,
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    jurisdiction: text,
    capacity: z.int().min(1).optional(),
    draining: z.boolean().optional(),
    models: z
      .array(
        z.strictObject({
          id: text,
          tier: z.enum(TIERS).optional(),
          context_tokens: z.int().min(1).optional(),
          modalities: z.array(z.enum(MODALITIES)).optional(),
          input_price: z.number().min(0).optional().openapi({ description: 'US dollars a million tokens' }),
          output_price: z.number().min(0).optional(),
        }),
      )
      .min(1),
    health_url: text.optional().openapi({ description: "Asked with GET; by default as the origin's kind has it" }),
    metrics: z.enum(METRICS).optional().openapi({ description: 'Whose metrics it exposes; none unless given' }),
    metrics_url: text.optional(),
    api_key_secret: text.optional().openapi({ description: 'The name of a secret of the Worker, never the key' }),
  })
  .openapi('Origin', {
    example: {
      id: 'frankfurt',
      url: 'https://gpu-fra.example.com/v1',
      region: 'eu-central-1',
      latitude: 50.03,
      longitude: 8.57,
      jurisdiction: 'eu',
      api_key_secret: 'FRANKFURT_KEY',
      models: [{ id: 'llama-3.1-8b', input_price: 0.1, output_price: 0.4 }],
    },
  });

/** In a path that names it, an entry may leave out its id. */
export const originRequest = originEntry.extend({ id: text.optional() }).openapi('OriginRequest');

export const catalogueRequest = z
  .strictObject({ origins: z.array(originEntry).min(1) })
  .openapi('OriginCatalogueRequest');

export const catalogueBody = z.strictObject({ origins: z.unknown().optional() });

export const catalogueAnswer = z
  .object({
    version: count.openapi({ description: 'One more with each change; also the ETag' }),
    source: z.enum(['configured', 'stored']),
    configuration_changed: z
      .boolean()
      .openapi({ description: 'ORIGINS is no longer what the stored catalogue was made from' }),
    origins: z.array(originEntry),
  })
  .openapi('OriginCatalogue');

export const drainRequest = z
  .strictObject({ draining: z.boolean() })
  .openapi('OriginDrain', { example: { draining: true } });

export const IF_MATCH = z.object({
  'if-match': text
    .optional()
    .openapi({ description: 'A version in quotes: nothing changes where another is in force' }),
});
