/**
 * Lays out `.assets/`, the folder that wrangler uploads: the model repository without its recipes, and the files of
 * Swagger UI for /docs. Throws where a file is larger than Workers take (25 MiB).
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_ASSET_BYTES = 25 * 1024 * 1024;
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, '.assets');

assemble();

function assemble(): void {
  rmSync(target, { recursive: true, force: true });
  for (const model of readdirSync(join(root, 'models'), { withFileTypes: true })) {
    const folder = join(root, 'models', model.name);
    if (model.isDirectory() && existsSync(join(folder, 'manifest.json'))) {
      copyFiles(folder, join(target, 'models', model.name));
    }
  }
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
