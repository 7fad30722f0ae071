/** How an origin's health and load are looked at, by what its entry says, else by what it is. Pure; throws a SettingsError. */
import type { JsonObject } from './contract/json.ts';
import { METRICS, type OriginWatch, type Protocol } from './contract/origin.ts';
import { SettingsError, show } from './settings-error.ts';

export const WATCH_FIELDS = ['health_url', 'metrics', 'metrics_url'];

export interface Watched {
  protocol: Protocol;
  /** Its URL, checked. */
  base: string;
  /** Where the entry stands. */
  at: string;
  parseUrl: (value: unknown, at: string) => string;
}

/** Null for a binding, which has neither. */
export function parseWatch(entry: JsonObject, { protocol, base, at, parseUrl }: Watched): OriginWatch | null {
  if (protocol === 'workers-ai') {
    refuse(entry, WATCH_FIELDS, at, 'nothing for workers-ai, which is a binding');
    return null;
  }
  const metrics = METRICS.find((one) => one === (entry['metrics'] ?? 'none'));
  if (metrics === undefined) {
    throw new SettingsError(`${at}.metrics`, `one of ${METRICS.join(', ')}`, show(entry['metrics']));
  }
  if (metrics === 'none') {
    refuse(entry, ['metrics_url'], at, 'metrics to say whose they are: vllm or triton');
  }
  const given = (field: string, otherwise: string): string =>
    entry[field] === undefined ? otherwise : parseUrl(entry[field], `${at}.${field}`);
  const server = base.replace(/\/v\d+$/, '');
  // Where a server of OpenAI's protocol has no such page its 404 says as well that it is there; a list of models may wait for a stream under way.
  return {
    healthUrl: given('health_url', protocol === 'kserve' ? `${base}/health/ready` : `${server}/health`),
    metrics,
    metricsUrl: metrics === 'none' ? null : given('metrics_url', `${server}/metrics`),
  };
}

function refuse(entry: JsonObject, fields: readonly string[], at: string, expected: string): void {
  for (const field of fields) {
    if (entry[field] !== undefined) {
      throw new SettingsError(`${at}.${field}`, expected, show(entry[field]));
    }
  }
}
