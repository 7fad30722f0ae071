/**
 * `npm run cache:preload -- FILE --model NAME`: sends question-answer JSONL to a gateway, some rows at a time. What was stored is noted beside the file:
 * started again, it goes on where it was. The key is read from PERIGEE_KEY.
 */
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { parseArgs } from 'node:util';

const ROWS = 100;
const TRIES = 5;
const RETRY_MS = 1_000;

interface Options {
  file: string;
  url: string;
  key: string;
  /** What every row's body has, unless it says otherwise. */
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

interface Outcome {
  stored: number;
  failures: { line: number; reason: string }[];
}

async function main(): Promise<void> {
  try {
    const failed = await preload(readOptions());
    process.exitCode = failed > 0 ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8787' },
      model: { type: 'string' },
      body: { type: 'string' },
      namespace: { type: 'string' },
    },
  });
  const [file] = positionals;
  const key = process.env['PERIGEE_KEY'] ?? '';
  if (file === undefined || positionals.length > 1 || !existsSync(file)) {
    throw new Error(`cache:preload: expected one file of JSON lines, received ${positionals.join(' ') || 'none'}`);
  }
  if (key === '') {
    throw new Error('cache:preload: expected an API key in PERIGEE_KEY, received none');
  }
  const common = values.body === undefined ? {} : (JSON.parse(readFileSync(values.body, 'utf8')) as object);
  return {
    file,
    url: values.url,
    key,
    body: { ...common, ...(values.model === undefined ? {} : { model: values.model }) },
    headers: values.namespace === undefined ? {} : { 'x-perigee-namespace': values.namespace },
  };
}

/** Answers how many rows were refused. */
async function preload(options: Options): Promise<number> {
  const progressFile = `${options.file}.progress`;
  const done = existsSync(progressFile) ? Number(readFileSync(progressFile, 'utf8')) : 0;
  if (done > 0) {
    console.log(`going on after line ${done} (${progressFile})`);
  }
  const lines = await countLines(options.file);
  const totals = { line: 0, stored: 0, failed: 0 };
  const since = performance.now();
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) {
      const first = totals.line - batch.length;
      const { stored, failures } = await send(batch, options);
      totals.stored += stored;
      totals.failed += failures.length;
      for (const { line, reason } of failures) {
        console.error(`line ${first + line}: ${reason}`);
      }
      writeFileSync(progressFile, String(totals.line));
      const rate = ((totals.line - done) / (performance.now() - since)) * 1000;
      const left = toMinutes((lines - totals.line) / rate);
      const rows = `${totals.stored} stored, ${totals.failed} refused`;
      console.log(`line ${totals.line} of ${lines}: ${rows}, ${rate.toFixed(1)}/s, ${left} left`);
      batch = [];
    }
  };
  for await (const line of readLines(options.file)) {
    totals.line += 1;
    if (totals.line > done) {
      batch.push(withBody(line, options.body));
      if (batch.length === ROWS) {
        await flush();
      }
    }
  }
  await flush();
  rmSync(progressFile, { force: true });
  return totals.failed;
}

async function countLines(file: string): Promise<number> {
  const lines = readLines(file);
  let count = 0;
  lines.on('line', () => {
    count += 1;
  });
  await once(lines, 'close');
  return count;
}

function readLines(file: string): Interface {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

function toMinutes(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** An empty line keeps its number, and is refused by it. */
function withBody(line: string, common: Options['body']): string {
  try {
    const row = JSON.parse(line) as Record<string, unknown>;
    return JSON.stringify({ ...row, body: { ...common, ...(row['body'] as object | undefined) } });
  } catch {
    return line.trim() === '' ? '{}' : line;
  }
}

/** Throws where the gateway refuses all of it, or cannot be reached after some tries. */
async function send(rows: readonly string[], { url, key, headers }: Options): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(`${url}/v1/cache/preload`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
        body: rows.join('\n'),
      });
      if (response.ok) {
        return (await response.json()) as Outcome;
      }
      const text = await response.text();
      if (response.status < 500 || tries === TRIES) {
        throw new Refusal(`${url}: ${response.status} ${text}`);
      }
    } catch (error) {
      if (error instanceof Refusal || tries === TRIES) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS * tries));
  }
}

class Refusal extends Error {}

await main();
