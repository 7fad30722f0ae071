/**
 * The Durable Object in which what is known of the origins meets: one named `world` that watches them, and one for each point of presence,
 * `pop/{colo}`; and how an isolate finds its own. Calls come from this Worker's own isolates and objects alone.
 */
import { DurableObject } from 'cloudflare:workers';
import { createBoardLink, type BoardLink, type BoardLinkOptions } from './bindings/board-link.ts';
import { createKeptText } from './bindings/kept-text.ts';
import { createSnapshotStore } from './bindings/kv-board.ts';
import { createOriginWatch } from './bindings/origin-watch.ts';
import { createPlaceKeeper, type PlaceKeeper } from './bindings/place-keeper.ts';
import { createWorldKeeper, type Reached, type WorldKeeper } from './bindings/world-keeper.ts';
import { originsInForce } from './compose-catalogue.ts';
import type { LoadReport } from './contract/routing.ts';
import type { Measure } from './origin/measured.ts';
import type { News } from './origin/news.ts';

const WORLD = 'world';
const PLACE = 'pop/';

export class OriginBoard extends DurableObject {
  readonly #world: WorldKeeper | null;
  readonly #place: PlaceKeeper | null;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    const { id, storage } = state;
    const name = id.name ?? '';
    const clock = { now: () => Date.now() };
    const shared = { kept: createKeptText(storage.sql), alarm: storage, clock };
    this.#world =
      name === WORLD
        ? createWorldKeeper({
            ...shared,
            origins: originsInForce(env),
            watch: createOriginWatch({ clock }),
            sleep: (ms) => scheduler.wait(ms),
            warn,
          })
        : null;
    this.#place = name.startsWith(PLACE)
      ? createPlaceKeeper({
          ...shared,
          colo: name.slice(PLACE.length),
          askWorld: (reached) => env.ORIGIN_BOARD.getByName(WORLD).tell(reached),
          store: createSnapshotStore(env.KV),
        })
      : null;
  }

  /** Of a place. */
  report(measures: readonly Measure[]): Promise<News> {
    return only(this.#place, 'a place').report(measures);
  }

  /** Of the world. */
  tell(reached: readonly Reached[]): Promise<Record<string, LoadReport>> {
    return only(this.#world, 'the world').tell(reached);
  }

  /** Of the world. */
  look(): Promise<void> {
    return only(this.#world, 'the world').look();
  }

  override async alarm(): Promise<void> {
    await this.#world?.wake();
    await this.#place?.publish();
  }
}

export interface BoardBindings {
  KV: KVNamespace;
  ORIGIN_BOARD: Pick<Cloudflare.Env['ORIGIN_BOARD'], 'getByName'>;
}

export function composeBoard(
  { KV, ORIGIN_BOARD }: BoardBindings,
  { board, clock }: Pick<BoardLinkOptions, 'board' | 'clock'>,
): BoardLink {
  return createBoardLink({
    board,
    clock,
    store: createSnapshotStore(KV),
    placeOf: (colo) => ORIGIN_BOARD.getByName(`${PLACE}${colo}`),
    watch: createOriginWatch({ clock }),
    sleep: (ms) => scheduler.wait(ms),
    warn,
  });
}

/** By cron: the origins are watched also while nobody asks. */
export async function watchOrigins({ ORIGIN_BOARD }: Pick<BoardBindings, 'ORIGIN_BOARD'>): Promise<void> {
  await ORIGIN_BOARD.getByName(WORLD).look();
}

function warn(warning: string): void {
  console.warn(JSON.stringify({ warning }));
}

function only<T>(keeper: T | null, what: string): T {
  if (keeper === null) {
    throw new Error(`OriginBoard: expected to be ${what}, by its name`);
  }
  return keeper;
}
