/** Turns what the gateway says into a Response: an answer with the headers that tell its story, or a problem. */
import type { Answer } from '../contract/answer.ts';
import type { Problem } from '../contract/problem.ts';
import type { AppContext } from './context.ts';
import { problemResponse } from './problem-response.ts';

export function respondAnswer({ format, body, cache, origin, model }: Answer): Response {
  const headers = new Headers({
    'content-type': format === 'json' ? 'application/json' : 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-perigee-cache': cache.status,
    'x-perigee-model': toHeaderText(model),
  });
  if (cache.ageSeconds !== null) {
    headers.set('age', String(cache.ageSeconds));
  }
  if (cache.similarity !== null) {
    headers.set('x-perigee-similarity', cache.similarity.toFixed(4));
  }
  if (cache.entry !== null) {
    headers.set('x-perigee-entry', cache.entry);
  }
  if (origin !== null) {
    headers.set('x-perigee-origin', origin);
  }
  return new Response(body, { headers });
}

export function respondProblem(c: AppContext, problem: Problem): Response {
  const recorder = c.get('recorder');
  if (recorder.trace.problem === null) {
    recorder.set({ problem: problem.kind });
  }
  return problemResponse(problem, /^\/v2(?:\/|$)/.test(c.req.path) ? 'open-inference' : 'openai');
}

/** A model's id may hold what a header cannot. */
function toHeaderText(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x20-\x7e]+/g, encodeURIComponent);
}
