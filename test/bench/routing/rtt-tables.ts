/** Measured round trips between cloud regions, and where the regions are. Throws an Error in one line on a file that is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { distanceKm, type Point } from '../../../src/origin/distance.ts';

export interface Trip {
  meanMs: number;
  /** Mean deviation, and the worst above the mean. */
  deviationMs: number;
  worstMs: number;
}

export interface Region extends Point {
  id: string;
  /** Lower case: `eu` for its members, else the country's code. */
  jurisdiction: string;
}

export interface RttTables {
  regions: readonly Region[];
  /** Null where nobody measured it, in either direction. */
  trip(from: string, to: string): Trip | null;
}

const FILES = ['rtt-aws-gcp.csv', 'rtt-aws-azure.csv'];

/** Members of the European Union. */
const EU = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));

/** Both of the data folder's tables where no file is named. Regions without a place are left out. */
export function readRttTables(dataFolder: string, files: readonly string[]): RttTables {
  const folder = join(dataFolder, 'network');
  const places = readPlaces(folder);
  const trips = new Map<string, Trip>();
  for (const file of files.length > 0 ? files : FILES.map((name) => join(folder, name))) {
    for (const row of readCsv(file)) {
      const trip = toTrip(row, file);
      const pair = `${row['src_region']} ${row['dst_region']}`;
      trips.set(pair, trips.get(pair) ?? trip);
    }
  }
  const named = new Set([...trips.keys()].flatMap((pair) => pair.split(' ')));
  const regions = [...named].flatMap((id) => places.get(id) ?? []);
  const trip = (from: string, to: string): Trip | null =>
    trips.get(`${from} ${to}`) ?? trips.get(`${to} ${from}`) ?? null;
  return { regions, trip };
}

/** Columns are named `avg_ms` or `avg_rtt`, as the table's maker liked. */
function toTrip(row: Record<string, string>, file: string): Trip {
  const read = (name: string): number => Number(row[`${name}_ms`] ?? row[`${name}_rtt`] ?? Number.NaN);
  const meanMs = read('avg');
  if (!(meanMs >= 0)) {
    throw new Error(`${file}: expected a column avg_ms or avg_rtt of numbers, received ${JSON.stringify(row)}`);
  }
  const [deviationMs, max] = [read('mdev'), read('max')];
  return {
    meanMs,
    deviationMs: deviationMs >= 0 ? deviationMs : 0,
    worstMs: max >= meanMs ? max - meanMs : 0,
  };
}

function readPlaces(folder: string): Map<string, Region> {
  const colos = Object.values(
    JSON.parse(readText(join(folder, 'colos.json'))) as Record<string, { cca2: string; lat: number; lon: number }>,
  ).map(({ cca2, lat, lon }) => ({ cca2, latitude: lat, longitude: lon }));
  const rows = readCsv(join(folder, 'cloud-regions.csv'));
  return new Map(
    rows.map((row) => {
      const id = `${row['provider']}:${row['region']}`;
      const point = { latitude: Number(row['lat']), longitude: Number(row['lon']) };
      const [nearest] = colos.toSorted((a, b) => distanceKm(point, a) - distanceKm(point, b));
      const country = nearest?.cca2 ?? '';
      return [id, { id, ...point, jurisdiction: EU.has(country) ? 'eu' : country.toLowerCase() }];
    }),
  );
}

function readCsv(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readText(file).trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file}: expected the file, received nothing (--data names the folder of the data sets)`);
  }
}
