/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out of it: it does where the registry
 * in use lacks them, or node_modules was there already (npm/cli issue 4828), and `npm ci` then refuses the lock file.
 * What is added is never installed here: its `os`, `cpu` and `libc` name another platform. Run after each change of
 * dependencies: `node deploy/complete-lock.ts`. Says how many packages it added.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = new Set([
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]);
const PROCESSORS = new Set(['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']);

const file = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> };

const added = complete(lock.packages);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added`);

function complete(packages: Record<string, LockedPackage>): number {
  let count = 0;
  for (const [parentPath, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const isLocked = `${parentPath}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
      const platform = platformOf(name);
      if (!isLocked && platform !== null) {
        packages[`node_modules/${name}`] = {
          version,
          ...(parent.dev === true ? { dev: true } : {}),
          optional: true,
          ...platform,
        };
        count += 1;
      }
    }
  }
  return count;
}

/** The platform that a package's name ends in, as in `binding-linux-arm-gnueabihf`; null where it names none. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | null {
  const words = (name.split('/').at(-1) ?? '')
    .split('-')
    .map((word) => word.replace('windows', 'win32').replace(/^64$/, 'x64'));
  const os = words.find((word) => SYSTEMS.has(word));
  const cpu = words.find((word) => PROCESSORS.has(word));
  if (os === undefined || cpu === undefined) {
    return null;
  }
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : null;
  return { os: [os], cpu: [cpu], ...(libc === null ? {} : { libc: [libc] }) };
}
