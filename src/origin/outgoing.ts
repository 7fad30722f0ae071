/**
 * Turns a request into the call that an origin gets: the client's body, byte for byte where nothing has to change, and
 * headers of our own. No header of the client's travels on, above all not its key. Pure.
 */
import { isJsonObject } from '../contract/json.ts';
import type { Origin, OriginCall } from '../contract/origin.ts';
import type { GenerationKind, GenerationRequest } from '../contract/request.ts';
import type { OriginSettings } from '../contract/settings.ts';
import { repeatsMember } from './members.ts';

type Outgoing = Pick<GenerationRequest, 'id' | 'kind' | 'body' | 'raw' | 'isStream'>;

type Timeouts = Pick<OriginSettings, 'connectTimeoutMs' | 'firstByteTimeoutMs' | 'idleTimeoutMs' | 'totalTimeoutMs'>;

const PATHS: Record<GenerationKind, string> = { chat: '/chat/completions', completion: '/completions' };

const BYTE_ORDER_MARK = '\u{FEFF}';

export function toCall(
  request: Outgoing,
  origin: Pick<Origin, 'protocol' | 'url' | 'apiKey'>,
  { connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs, totalTimeoutMs }: Timeouts,
): OriginCall {
  return {
    protocol: origin.protocol,
    url: origin.url.replace(/\/+$/, '') + PATHS[request.kind],
    headers: {
      'content-type': 'application/json',
      accept: request.isStream ? 'text/event-stream' : 'application/json',
      // Without our prefix it is a UUID; llama-cpp-python's server refuses anything else with status 400.
      'x-request-id': request.id.replace(/^req_/, ''),
      ...(origin.apiKey === null ? {} : { authorization: `Bearer ${origin.apiKey}` }),
    },
    body: toBody(request),
    connectMs: request.isStream ? connectTimeoutMs : null,
    // Servers send the head of a whole answer when all of it is generated: its first byte comes as late as its last.
    deadlineMs: request.isStream ? firstByteTimeoutMs : totalTimeoutMs,
    idleTimeoutMs,
  };
}

/** With two models the gateway has checked the last alone: then the origin gets what was checked. */
function toBody({ body, raw, isStream }: Outgoing): string {
  const text = repeatsMember(raw, 'model') ? JSON.stringify(body) : withoutMark(raw);
  return isStream ? withUsage(body, text) : text;
}

/** Asks for the usage of a stream, which the meter needs; the relay keeps it from a client that did not ask. */
function withUsage(body: Outgoing['body'], text: string): string {
  if (!Object.hasOwn(body, 'stream_options')) {
    // An object's text has nothing but white space before its brace. Written into the text, the rest stays as received:
    // 64-bit integers, the order of keys, the formatting that a prefix cache may depend on.
    const afterBrace = text.indexOf('{') + 1;
    const comma = Object.keys(body).length === 0 ? '' : ',';
    return `${text.slice(0, afterBrace)}"stream_options":{"include_usage":true}${comma}${text.slice(afterBrace)}`;
  }
  const options = body['stream_options'];
  if (isJsonObject(options) && options['include_usage'] === true) {
    return text;
  }
  // Costs the exactness of integers beyond 2^53 (a large `seed`) and the formatting; the meaning of all else stays.
  // Options of a wrong type are left for the origin to refuse.
  return options === null || isJsonObject(options)
    ? JSON.stringify({ ...body, stream_options: { ...options, include_usage: true } })
    : text;
}

/** JSON.parse refuses a byte order mark, and so do the origins' parsers. */
function withoutMark(raw: string): string {
  return raw.startsWith(BYTE_ORDER_MARK) ? raw.slice(1) : raw;
}
