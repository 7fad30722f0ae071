/** Input that is wrong in every way: a 4xx in OpenAI's shape that names the field, never a 500. */
import { beforeAll, describe, expect, test } from 'vitest';
import { chat, createKey, errorOf, post, send } from '../support/worker/gateway.ts';

const CHAT = '/v1/chat/completions';
let key = '';

beforeAll(async () => {
  key = await createKey({ tenant: 'bad-input' });
});

const messages = [{ role: 'user', content: 'hi' }];

describe('bad input', () => {
  test.each<[string, string, unknown, number, string | null]>([
    ['malformed JSON', CHAT, '{"model":', 400, null],
    ['a list as body', CHAT, '[]', 400, null],
    ['an empty body', CHAT, '', 400, null],
    ['no model', CHAT, { messages }, 400, 'model'],
    ['a model that is no text', CHAT, { model: 1, messages }, 400, 'model'],
    ['an unknown model', CHAT, { model: 'gpt-none', messages }, 404, 'model'],
    ['no messages', CHAT, { model: 'sim-small' }, 400, 'messages'],
    ['empty messages', CHAT, { model: 'sim-small', messages: [] }, 400, 'messages'],
    ['a wrong role', CHAT, { model: 'sim-small', messages: [{ role: 'bot', content: 'x' }] }, 400, 'messages[0].role'],
    [
      'a user message without content',
      CHAT,
      { model: 'sim-small', messages: [{ role: 'user' }] },
      400,
      'messages[0].content',
    ],
    [
      'an empty question',
      CHAT,
      { model: 'sim-small', messages: [{ role: 'user', content: '' }] },
      400,
      'messages[0].content',
    ],
    [
      'a part without text',
      CHAT,
      { model: 'sim-small', messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      400,
      'messages[0].content[0].text',
    ],
    ['a temperature of 3', CHAT, { model: 'sim-small', messages, temperature: 3 }, 400, 'temperature'],
    ['a stream that is a text', CHAT, { model: 'sim-small', messages, stream: 'yes' }, 400, 'stream'],
    [
      '100,000 messages',
      CHAT,
      { model: 'sim-small', messages: Array.from({ length: 100_000 }, () => ({})) },
      413,
      'messages',
    ],
    [
      'a lone surrogate',
      CHAT,
      '{"model":"sim-small","messages":[{"role":"user","content":"\\ud800"}]}',
      400,
      'messages[0].content',
    ],
    ['a body over the limit', CHAT, chat('x'.repeat(2_100_000)), 413, null],
    ['a nesting bomb', CHAT, `{"model":"sim-small","messages":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 400, null],
    ['no prompt', '/v1/completions', { model: 'sim-small' }, 400, 'prompt'],
    ['an empty input', '/v1/embeddings', { model: 'minilm', input: '' }, 400, 'input'],
    ['an empty list of inputs', '/v1/embeddings', { model: 'minilm', input: [] }, 400, 'input'],
    [
      'too many inputs',
      '/v1/embeddings',
      { model: 'minilm', input: Array.from({ length: 17 }, () => 'x') },
      413,
      'input',
    ],
    ['900,000 token ids', '/v1/embeddings', `{"model":"minilm","input":[${'1,'.repeat(900_000)}1]}`, 413, 'input'],
    ['a prompt of empty lists', '/v1/completions', `{"model":"m","prompt":[${'[],'.repeat(600_000)}1]}`, 413, 'prompt'],
    ['199,000 token ids', '/v1/embeddings', `{"model":"minilm","input":[${'1,'.repeat(199_000)}1]}`, 400, 'input[0]'],
    ['a token that does not exist', '/v1/embeddings', { model: 'minilm', input: [[5, 40_000]] }, 400, 'input[0]'],
    [
      'a text over the model’s length',
      '/v1/embeddings',
      { model: 'minilm', input: ['ok', 'word '.repeat(400)] },
      400,
      'input[1]',
    ],
    ['too many dimensions', '/v1/embeddings', { model: 'minilm', input: 'x', dimensions: 385 }, 400, 'dimensions'],
    [
      'an unknown format',
      '/v1/embeddings',
      { model: 'minilm', input: 'x', encoding_format: 'hex' },
      400,
      'encoding_format',
    ],
    ['an unknown embedding model', '/v1/embeddings', { model: 'ada', input: 'x' }, 404, 'model'],
  ])('%s', async (_name, path, body, status, param) => {
    const answer = await send(path, post(key, body));
    expect(answer.status).toBe(status);
    const { message, type } = errorOf(answer);
    expect(message.length).toBeGreaterThan(5);
    expect(type).toBe('invalid_request_error');
    if (param !== null) {
      expect(errorOf(answer).param).toBe(param);
    }
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(answer.headers.get('server-timing')).toContain('total;dur=');
  });

  test.each([
    ['x-perigee-similarity', '1.2'],
    ['x-perigee-ttl', '5'],
    ['x-perigee-namespace', 'a b'],
    ['cf-aig-cache-ttl', 'soon'],
    ['cf-aig-skip-cache', 'maybe'],
  ])('the header %s: %s is named', async (header, value) => {
    const answer = await send(CHAT, post(key, chat('x'), { [header]: value }));
    expect(answer.status).toBe(400);
    expect(errorOf(answer).param).toBe(header);
  });

  test('another content type is 415', async () => {
    const answer = await send(CHAT, post(key, chat('x'), { 'content-type': 'text/plain' }));
    expect(answer.status).toBe(415);
    expect(errorOf(answer).message).toContain('text/plain');
  });

  test('a compressed body is 415 and says why', async () => {
    const answer = await send(CHAT, post(key, chat('x'), { 'content-encoding': 'gzip' }));
    expect(answer.status).toBe(415);
    expect(errorOf(answer).message).toContain('content-encoding');
  });

  test('another method is 405 and says which are allowed', async () => {
    const answer = await send(CHAT, { method: 'PUT', body: '{}' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test('another path is 404', async () => {
    expect(errorOf(await send('/v3/nothing')).code).toBe('not_found');
  });
});
