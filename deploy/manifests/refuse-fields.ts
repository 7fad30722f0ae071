/**
 * Holds objects against the API's schemas, which come as packages: `kubernetes-models` and its siblings are generated from
 * the Go types of Kubernetes, KEDA, the Prometheus operator and the Gateway API. Their validators judge values (ranges,
 * formats, what is required) and let unknown fields pass; their types know every field, so each object is also written
 * down as a TypeScript literal and compiled. Writes under `.generated`, runs the compiler, needs no network.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, type Manifest } from './manifest.ts';

const ROOT = join(import.meta.dirname, '../..');

const PACKAGES: Record<string, string> = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
};

const COMPILER_OPTIONS = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: 'es2024',
  module: 'nodenext',
  types: [],
};

/** The faults of all objects, one line each; none where all are right. */
export async function refuseFields(manifests: readonly Manifest[]): Promise<string[]> {
  const judged = await Promise.all(
    manifests.map(async (manifest) => ({ manifest, fault: await refuseValues(manifest) })),
  );
  const values = judged.flatMap(({ fault }) => (fault === null ? [] : [fault]));
  const known = judged.flatMap(({ manifest, fault }) => (fault === null ? [manifest] : []));
  return [...values, ...compile(known)];
}

async function refuseValues(manifest: Manifest): Promise<string | null> {
  let model: new (data: Manifest) => { validate: () => void };
  try {
    const module = (await import(moduleOf(manifest))) as Record<string, typeof model>;
    const found = module[manifest.kind];
    if (found === undefined) {
      throw new Error('the module does not export it');
    }
    model = found;
  } catch {
    return `${nameOf(manifest)}: no schema for ${manifest.apiVersion} ${manifest.kind}`;
  }
  try {
    new model(manifest).validate();
    return null;
  } catch (error) {
    return `${nameOf(manifest)}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Such as `kubernetes-models/apps/v1/Deployment`. */
function moduleOf({ apiVersion, kind }: Manifest): string {
  const group = apiVersion.split('/')[0] ?? '';
  return `${PACKAGES[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

function compile(manifests: readonly Manifest[]): string[] {
  mkdirSync(join(ROOT, '.generated'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.generated/manifests-'));
  try {
    for (const [place, manifest] of manifests.entries()) {
      const type = `I${manifest.kind}`;
      writeFileSync(
        join(folder, `${place}.ts`),
        `import type { ${type} } from '${moduleOf(manifest)}';\n` +
          `export const document: ${type} = ${JSON.stringify(manifest, null, 1)};\n`,
      );
    }
    // Without an object of its own, a folder is a mistake to the compiler.
    writeFileSync(join(folder, 'none.ts'), 'export {};\n');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] }),
    );
    return compilerFaults(folder).map(({ place, message }) => {
      const manifest = manifests[place];
      return manifest === undefined ? message : `${nameOf(manifest)}: ${message}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compilerFaults(folder: string): { place: number; message: string }[] {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { stdio: 'pipe', encoding: 'utf8' });
    return [];
  } catch (error) {
    const output = (error as { stdout?: string }).stdout ?? '';
    const faults = [...output.matchAll(/^\S*?(\d+)\.ts\((\d+),\d+\): error TS\d+: (.*)$/gm)].map(
      ([, place, , message]) => ({
        place: Number(place),
        message: message ?? '',
      }),
    );
    if (faults.length === 0) {
      throw new Error(`The compiler failed and named no object: ${output}`, { cause: error });
    }
    return faults;
  }
}
