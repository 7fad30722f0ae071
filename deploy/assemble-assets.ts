/**
 * Lays out `.assets/`, the folder that wrangler uploads: the model repository without its recipes, and the files of
 * Swagger UI for /docs. And writes `.generated/manifests.json`, the manifests of all models by folder, which the Worker
 * bundles: so a new folder under models/ is all that a new model takes. And compiles the SIMD kernels. Throws where a file
 * is larger than Workers take (25 MiB), or a folder's name is not its model's.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './build-kernel.ts';

const MAX_ASSET_BYTES = 25 * 1024 * 1024;
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, '.assets');
const manifestsFile = join(root, '.generated/manifests.json');

assemble();

function assemble(): void {
  rmSync(target, { recursive: true, force: true });
  const manifests: Record<string, unknown> = {};
  for (const model of readdirSync(join(root, 'models'), { withFileTypes: true })) {
    const folder = join(root, 'models', model.name);
    if (model.isDirectory() && existsSync(join(folder, 'manifest.json'))) {
      copyFiles(folder, join(target, 'models', model.name));
      manifests[model.name] = readManifest(folder, model.name);
    }
  }
  writeManifests(manifests);
  buildKernels();
  mkdirSync(join(target, 'docs'), { recursive: true });
  for (const file of SWAGGER_FILES) {
    cpSync(join(root, 'node_modules/swagger-ui-dist', file), join(target, 'docs', file));
  }
}

function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    const { size } = statSync(join(from, file));
    if (size > MAX_ASSET_BYTES) {
      throw new Error(
        `${join(from, file)}: expected at most ${MAX_ASSET_BYTES} bytes, the limit for a static asset, received ${size}`,
      );
    }
    cpSync(join(from, file), join(to, file));
  }
}

function readManifest(folder: string, name: string): unknown {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { name?: unknown } | null;
  if (manifest?.name !== name) {
    throw new Error(
      `${folder}/manifest.json: name: expected ${name}, as its folder, received ${String(manifest?.name)}`,
    );
  }
  return manifest;
}

/** In the order of their names. Left alone where nothing changed: wrangler builds anew whenever it is written. */
function writeManifests(manifests: Readonly<Record<string, unknown>>): void {
  const sorted = Object.entries(manifests).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify(Object.fromEntries(sorted))}\n`;
  if (!existsSync(manifestsFile) || readFileSync(manifestsFile, 'utf8') !== text) {
    mkdirSync(dirname(manifestsFile), { recursive: true });
    writeFileSync(manifestsFile, text);
  }
}
