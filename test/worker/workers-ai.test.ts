/** Chats at the platform's own models, through the whole gateway in workerd; the binding is a fake that answers as the platform documents. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createApp } from '../../src/http/app.ts';
import { parseSettings } from '../../src/settings.ts';
import { chat, createKey, post } from '../support/worker/gateway.ts';

const ORIGIN = {
  id: 'platform',
  protocol: 'workers-ai',
  region: 'everywhere',
  latitude: 38.94,
  longitude: -77.45,
  jurisdiction: 'us',
  models: [{ id: '@cf/meta/llama' }],
};
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

async function ask(path: string, body: object): Promise<Response> {
  const AI = {
    run: async (_model: string, { stream }: Record<string, unknown>) =>
      stream === true
        ? new Response(
            `data: {"response":"Bon"}\n\ndata: {"response":"jour"}\n\ndata: {"response":"","usage":${JSON.stringify(USAGE)}}\n\ndata: [DONE]\n\n`,
            { headers: { 'content-type': 'text/event-stream' } },
          )
        : Response.json({ response: 'Bonjour', usage: USAGE }),
  };
  // The catalogue goes back to what is configured here, whatever another test did to it.
  const bound = { ...env, AI, ORIGINS: [ORIGIN] };
  const gateway = compose(bound, parseSettings(bound));
  const context = {
    waitUntil: (work: Promise<unknown>) => void work,
    passThroughOnException: () => undefined,
    props: {},
  };
  const key = await createKey({ tenant: 'platform' });
  const request = new Request(`https://gateway.test${path}`, post(key, body, { 'cache-control': 'no-store' }));
  return createApp(gateway).fetch(request, env, context);
}

test('a chat is answered, with its usage', async () => {
  const response = await ask('/v1/chat/completions', { ...chat('Hello'), model: '@cf/meta/llama' });
  expect([response.status, response.headers.get('x-perigee-origin')]).toEqual([200, 'platform']);
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'Bonjour' }, finish_reason: 'stop' }],
    usage: USAGE,
  });
});

test('a chat is streamed', async () => {
  const body = { ...chat('Hello', { stream: true, stream_options: { include_usage: true } }), model: '@cf/meta/llama' };
  const text = await (await ask('/v1/chat/completions', body)).text();
  expect(text).toMatch(/"content":"Bon"[\s\S]*"content":"jour"[\s\S]*"finish_reason":"stop"[\s\S]*"usage":\{/);
  expect(text.trim().endsWith('data: [DONE]')).toBe(true);
});

test('a completion is none of its business', async () => {
  const response = await ask('/v1/completions', { model: '@cf/meta/llama', prompt: 'Once' });
  expect([response.status, await response.json()]).toMatchObject([400, { error: { param: 'model' } }]);
});

test('without the binding, an origin of it stops the start', () => {
  expect(() => parseSettings({ ...env, ORIGINS: [ORIGIN] })).toThrow('the binding AI');
});
