/**
 * Reads what a server exposes in Prometheus' text format (version 0.0.4): those of its samples whose names are asked for. Pure, never
 * throws: a line that is none is passed over, and so is a value that is no number, or none that a count may be. Bounded in lines; the text itself by who fetched it.
 */

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** A server of many models with histograms exposes some thousands; what comes after is not read. */
const MAX_LINES = 20_000;

/** A name, what stands in braces (where a quoted text may hold braces), and a value; a timestamp may follow. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;

export function readSamples(text: string, names: ReadonlySet<string>): Sample[] {
  const samples: Sample[] = [];
  let from = 0;
  for (let line = 0; line < MAX_LINES && from < text.length; line++) {
    const end = text.indexOf('\n', from);
    const until = end === -1 ? text.length : end;
    const sample = readLine(text.slice(from, until), names);
    if (sample !== null) {
      samples.push(sample);
    }
    from = until + 1;
  }
  return samples;
}

/** Of all samples of the first of these names that there is; null where there is none of any. */
export function sumOf(samples: readonly Sample[], ...names: readonly string[]): number | null {
  for (const name of names) {
    const found = samples.filter((sample) => sample.name === name);
    if (found.length > 0) {
      return found.reduce((sum, { value }) => sum + value, 0);
    }
  }
  return null;
}

function readLine(line: string, names: ReadonlySet<string>): Sample | null {
  if (line.startsWith('#')) {
    return null;
  }
  const [, name = '', braces = '', written = ''] = LINE.exec(line) ?? [];
  const value = Number(written);
  return names.has(name) && written !== '' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? { name, labels: readLabels(braces), value }
    : null;
}

function readLabels(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, plain(value)]));
}

function plain(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
