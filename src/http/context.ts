/** What the HTTP layer is given by `compose.ts`, and what one request carries through it. */
import type { Context } from 'hono';
import type { Ports } from '../contract/ports.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';

export interface Gateway {
  settings: Settings;
  /** Of settings that an operator may not have meant. They name no secret's value. */
  warnings(): readonly string[];
  /** Static files by path, such as `/docs/swagger-ui.css`. */
  assets: { fetch(url: string): Promise<Response> };
  /** `colo`: where the request came in, null where nobody says; left out, nothing is done for it beside. */
  portsFor(context: { waitUntil(work: Promise<unknown>): void }, colo?: string | null): Ports;
  models(): ModelListing[];
}

/** A line of /v1/models. */
export interface ModelListing {
  id: string;
  ownedBy: string;
  createdAt: number;
  details: Record<string, string | number | boolean | null | readonly (string | number | null)[]>;
  /** Of an alias: models. */
  standsFor?: readonly string[];
}

export interface Carried {
  gateway: Gateway;
  ports: Ports;
  recorder: Recorder;
  requestId: string;
}

export type AppEnv = { Variables: Carried };

export type AppContext = Context<AppEnv>;
