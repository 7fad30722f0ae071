/** /admin/origins: shows and changes the catalogue of origins, for the holder of ADMIN_TOKEN. What an entry may say is checked where it is kept. */
import type { CatalogueChange, CatalogueFault, CatalogueView } from '../contract/catalogue.ts';
import type { StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import { guarded, type Handler } from './admin.ts';
import type { AppContext } from './context.ts';
import { readJson } from './read-json.ts';
import { respondProblem } from './respond.ts';
import { catalogueBody, drainRequest } from './schemas-origins.ts';
import { shorten } from './shorten.ts';
import { validate } from './validate.ts';

export const getOrigins: Handler = guarded(async (c) => respond(c, await c.get('ports').catalogue.read()));

/** The whole list. */
export const putOrigins: Handler = changing(async (c) => {
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  const valid = read.ok ? validate(catalogueBody, read.value.body) : read;
  return valid.ok ? succeed({ kind: 'replace', entries: valid.value.origins }) : valid;
});

/** Back to what is configured. */
export const deleteOrigins: Handler = changing(() => Promise.resolve(succeed({ kind: 'reset' })));

export const putOrigin: Handler = changing(async (c) => {
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  if (!read.ok) {
    return read;
  }
  const { body } = read.value;
  const id = idOf(c);
  return body['id'] === undefined || body['id'] === id
    ? succeed({ kind: 'put', id, entry: body })
    : fail(invalid('id', `id: expected ${JSON.stringify(shorten(id))} as in the path, or none`));
});

export const deleteOrigin: Handler = changing((c) => Promise.resolve(succeed({ kind: 'remove', id: idOf(c) })));

export const postDrain: Handler = changing(async (c) => {
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  const valid = read.ok ? validate(drainRequest, read.value.body) : read;
  return valid.ok ? succeed({ kind: 'drain', id: idOf(c), isDraining: valid.value.draining }) : valid;
});

function changing(toChange: (c: AppContext) => Promise<Result<CatalogueChange>>): Handler {
  return guarded(async (c) => {
    const version = toVersion(c.req.header('if-match'));
    if (!version.ok) {
      return respondProblem(c, version.problem);
    }
    const change = await toChange(c);
    return change.ok
      ? respond(c, await c.get('ports').catalogue.change(change.value, version.value))
      : respondProblem(c, change.problem);
  });
}

/** Null for any version. */
function toVersion(header: string | undefined): Result<number | null> {
  if (header === undefined || header === '*') {
    return succeed(null);
  }
  const [, digits] = /^"(\d{1,15})"$/.exec(header) ?? [];
  return digits === undefined
    ? fail(invalid('if-match', 'if-match: expected a version in quotes, such as "7"'))
    : succeed(Number(digits));
}

function respond(c: AppContext, done: Result<CatalogueView, CatalogueFault | StoreFault>): Response {
  if (!done.ok) {
    if (done.problem.kind === 'store') {
      c.get('recorder').set({ problem: `catalogue: ${done.problem.detail}` });
    }
    return respondProblem(c, toProblem(done.problem));
  }
  const { version, source, entries, hasConfigurationChanged } = done.value;
  return c.json({ version, source, configuration_changed: hasConfigurationChanged, origins: entries }, 200, {
    etag: `"${version}"`,
  });
}

function toProblem(fault: CatalogueFault | StoreFault): Problem {
  switch (fault.kind) {
    case 'refused':
      return invalid(fault.field, fault.message);
    case 'unknown':
      return { kind: 'not-found', message: `There is no origin ${JSON.stringify(shorten(fault.id))}.` };
    case 'stale':
      return { kind: 'stale', message: `The catalogue is at version ${fault.version}; nothing was changed.` };
    case 'store':
      return { kind: 'catalogue-unavailable' };
  }
}

function invalid(param: string, message: string): Problem {
  return { kind: 'invalid', message: `${message}.`, param, code: 'invalid_value' };
}

function idOf(c: AppContext): string {
  return c.req.param('id') ?? '';
}
