/**
 * POST /v1/cache/preload: curated answers as JSON lines, each `{"question", "answer", "body"?}`. `body` holds what else the requests
 * have that are to be answered so: the model, sampling, a system message in `messages`. A row that is wrong is told by its line, and the others are stored.
 */
import { isJsonObject, type Json } from '../contract/json.ts';
import { preload, type PreloadRow } from '../journey/preload.ts';
import type { AppContext } from './context.ts';
import { openHead } from './open-request.ts';
import { toPlace } from './place.ts';
import { readBody } from './read-json.ts';
import { respondProblem } from './respond.ts';

/** Each row costs a handful of calls to stores, of which a request has a thousand. */
const MAX_ROWS = 100;

export async function postPreload(c: AppContext): Promise<Response> {
  const head = await openHead(c);
  if (!head.ok) {
    return respondProblem(c, head.problem);
  }
  const { settings } = c.get('gateway');
  const body = await readBody(c.req.raw, settings.limits.maxBodyBytes);
  if (!body.ok) {
    return respondProblem(c, body.problem);
  }
  const lines = new TextDecoder()
    .decode(body.value)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > MAX_ROWS) {
    const message = `The body: expected 1 to ${MAX_ROWS} lines of JSON, received ${lines.length}.`;
    return respondProblem(c, { kind: 'invalid', message, param: null });
  }
  const { tenant, controls } = head.value;
  const rows = lines.map((line) => readRow(line));
  const by = { id: c.get('requestId'), tenant, controls, place: toPlace(c.req.raw), signal: c.req.raw.signal };
  const outcomes = await preload(
    rows.filter((row) => typeof row !== 'string'),
    by,
    c.get('ports'),
    settings,
  );
  let place = 0;
  const results = rows.map((row) => (typeof row === 'string' ? row : (outcomes[place++] ?? null)));
  const failures = results.flatMap((reason, at) => (reason === null ? [] : [{ line: at + 1, reason }]));
  c.get('recorder').set({ store: `preloaded ${results.length - failures.length} of ${results.length}` });
  return c.json({ stored: results.length - failures.length, failures });
}

/** What is wrong with the line, as a text. */
function readRow(line: string): PreloadRow | string {
  let row: Json;
  try {
    row = JSON.parse(line) as Json;
  } catch {
    return 'no JSON';
  }
  if (!isJsonObject(row)) {
    return 'expected an object';
  }
  const { question, answer, body = {} } = row;
  if (typeof question !== 'string' || question === '' || typeof answer !== 'string' || answer === '') {
    return 'expected question and answer, texts that are not empty';
  }
  if (!isJsonObject(body) || typeof body['model'] !== 'string' || body['model'] === '') {
    return 'expected body.model, the model that requests name';
  }
  const { messages = [] } = body;
  if (!Array.isArray(messages)) {
    return 'expected body.messages, the messages before the question';
  }
  return {
    body: { ...body, model: body['model'], messages: [...messages, { role: 'user', content: question }] },
    answer,
  };
}
