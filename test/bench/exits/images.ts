/**
 * Labelled images: a folder of CLASS/NAME.jpg, or a tar of one, gzip'd or not, which the system's `tar` unpacks; and the
 * parts of CIFAR-10's train images. Throws in one line where there are none.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { LabelledInput, Part } from './rows.ts';

/** By the rank of the file's SHA-256, as models/recipes/cifar10/splits.py has it. */
const RANKS: Record<Part, readonly [from: number, to: number]> = { dev: [0, 5000], tune: [8000, 9200] };
const ARCHIVE = 'images/cifar10-train.tar.gz';

export function readImagePart(part: Part, dataFolder: string): LabelledInput[] {
  const ranked = filesOf(join(dataFolder, ARCHIVE))
    .map((file) => ({ file, digest: createHash('sha256').update(file.bytes).digest('hex') }))
    .toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  return ranked.slice(...RANKS[part]).map(({ file }) => toRow(file));
}

export function readImages(source: string): LabelledInput[] {
  return filesOf(source).map(toRow);
}

interface ImageFile {
  label: string;
  bytes: Buffer;
}

function filesOf(source: string): ImageFile[] {
  if (!existsSync(source)) {
    throw new Error(`there is no ${source}`);
  }
  if (statSync(source).isDirectory()) {
    return filesUnder(source);
  }
  const folder = mkdtempSync(join(tmpdir(), 'perigee-images-'));
  try {
    execFileSync('tar', ['-xf', source, '-C', folder], { stdio: 'pipe' });
    return filesUnder(folder);
  } catch (error) {
    throw new Error(`${source}: expected a folder or a tar of CLASS/NAME.jpg`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesUnder(folder: string): ImageFile[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:jpe?g|png)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (paths.length === 0) {
    throw new Error(`${folder}: expected CLASS/NAME.jpg, found no image`);
  }
  return paths.toSorted().map((path) => ({ label: basename(dirname(path)), bytes: readFileSync(path) }));
}

function toRow({ label, bytes }: ImageFile): LabelledInput {
  return { input: { kind: 'image', base64: bytes.toString('base64') }, label };
}
