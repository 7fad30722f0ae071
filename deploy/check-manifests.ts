/**
 * `npm run manifests`: renders each region under deploy/region/overlays, and holds its objects against the schemas of their
 * APIs and against each other. Exits with 1 and one line a fault where there are any.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ManifestError } from './manifests/manifest.ts';
import { refuseFields } from './manifests/refuse-fields.ts';
import { refuseLinks } from './manifests/refuse-links.ts';
import { refusePods, secretsOf } from './manifests/refuse-pods.ts';
import { render } from './manifests/render.ts';

const REGIONS = join(import.meta.dirname, 'region/overlays');

try {
  await check();
} catch (error) {
  console.error(error instanceof ManifestError ? error.message : error);
  process.exitCode = 1;
}

async function check(): Promise<void> {
  const regions = readdirSync(REGIONS).toSorted();
  if (regions.length === 0) {
    throw new ManifestError(`${REGIONS}: no region`);
  }
  for (const region of regions) {
    const manifests = render(join(REGIONS, region));
    const faults = [...(await refuseFields(manifests)), ...refuseLinks(manifests), ...refusePods(manifests)];
    const secrets = secretsOf(manifests).join(', ');
    console.log(
      `${faults.length === 0 ? 'ok  ' : 'BAD '} ${region}: ${manifests.length} objects; Secrets read: ${secrets}`,
    );
    for (const fault of faults) {
      console.log(`     ${fault}`);
      process.exitCode = 1;
    }
  }
}
