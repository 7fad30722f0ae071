/** POST /v1/chat/completions and /v1/completions: reads the request, hands it to the gateway, answers. */
import type { z } from '@hono/zod-openapi';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { GenerationKind, GenerationRequest } from '../contract/request.ts';
import { answer } from '../gateway.ts';
import { checkGenerationCounts } from './check-counts.ts';
import type { AppContext } from './context.ts';
import { openRequest } from './open-request.ts';
import { toPlace } from './place.ts';
import { respondAnswer, respondProblem } from './respond.ts';
import { chatRequest, completionRequest } from './schemas.ts';
import { validate } from './validate.ts';

export function generate(kind: GenerationKind): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const request = await readGeneration(c, kind);
    if (!request.ok) {
      return respondProblem(c, request.problem);
    }
    const answered = await answer(request.value, c.get('ports'), c.get('gateway').settings, c.get('recorder'));
    return answered.ok ? respondAnswer(answered.value) : respondProblem(c, answered.problem);
  };
}

async function readGeneration(c: AppContext, kind: GenerationKind): Promise<Result<GenerationRequest>> {
  const { limits } = c.get('gateway').settings;
  const opened = await openRequest(c);
  if (!opened.ok) {
    return opened;
  }
  const { raw, body, tenant, controls } = opened.value;
  const tooMany = checkGenerationCounts(body, limits);
  if (tooMany !== null) {
    return fail(tooMany);
  }
  const schema: z.ZodType<ReadFields> = kind === 'chat' ? chatRequest : completionRequest;
  const valid = validate(schema, body);
  if (!valid.ok) {
    return valid;
  }
  return succeed({
    id: c.get('requestId'),
    kind,
    body,
    raw,
    model: valid.value.model,
    isStream: valid.value.stream === true,
    wantsUsage: valid.value.stream_options?.include_usage === true,
    tenant,
    controls,
    place: toPlace(c.req.raw),
    signal: c.req.raw.signal,
  });
}

/** The fields that the gateway itself reads. */
interface ReadFields {
  model: string;
  stream?: boolean | null | undefined;
  stream_options?: { include_usage?: boolean | null | undefined } | null | undefined;
}
