import { describe, expect, test } from 'vitest';
import type { Problem } from '../contract/problem.ts';
import { readJson } from './read-json.ts';

const LIMITS = { maxBodyBytes: 1_000_000, maxValues: 200_000 };

describe('readJson()', () => {
  test('gives the object, and the text as received', async () => {
    const raw = ' { "b": 1, "a": [1e21, "ä😀"] }\n';
    expect(await readJson(toRequest(raw), LIMITS)).toEqual({
      ok: true,
      value: { raw, body: { b: 1, a: [1e21, 'ä😀'] } },
    });
  });

  test('reads a body in chunks of which one ends within a character', async () => {
    const bytes = new TextEncoder().encode('{"a":"😀"}');
    const read = await readJson(toRequest(chunked(bytes.slice(0, 8), bytes.slice(8))), LIMITS);
    expect(read).toMatchObject({ ok: true, value: { body: { a: '😀' } } });
  });

  test('leaves out a byte order mark', async () => {
    expect(await readJson(toRequest('\uFEFF{"a":1}'), LIMITS)).toMatchObject({ ok: true, value: { body: { a: 1 } } });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json'])(
    'takes the content type %s',
    async (type) => {
      expect((await readJson(toRequest('{}', type), LIMITS)).ok).toBe(true);
    },
  );

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json', '', null])(
    'refuses the content type %s',
    async (type) => {
      const received = type;
      expect(await problemOf(toRequest('{}', type))).toEqual({
        kind: 'unsupported-media-type',
        header: 'content-type',
        received,
      });
    },
  );

  test.each(['gzip', 'br', 'gzip, identity'])('refuses the content encoding %s', async (received) => {
    const request = toRequest('{}', 'application/json', { 'content-encoding': received });
    expect(await problemOf(request)).toEqual({ kind: 'unsupported-media-type', header: 'content-encoding', received });
  });

  test('takes a body that says it is not encoded', async () => {
    const request = toRequest('{}', 'application/json', { 'content-encoding': 'identity' });
    expect((await readJson(request, LIMITS)).ok).toBe(true);
  });

  test.each<[string, BodyInit, string, string | null]>([
    ['nothing', '', 'The body is not valid JSON: Unexpected end of JSON input', null],
    ['a body that is cut', '{"a":', 'The body is not valid JSON: Unexpected end of JSON input', null],
    ['a list', '[]', 'The body: expected a JSON object.', null],
    ['a text', '"{}"', 'The body: expected a JSON object.', null],
    ['null', 'null', 'The body: expected a JSON object.', null],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'The body is not valid UTF-8.', null],
    ['UTF-8 that is cut', Uint8Array.of(0x22, 0xf0, 0x9f), 'The body is not valid UTF-8.', null],
    [
      'a lone surrogate in a text',
      String.raw`{"messages":[{"role":"user","content":[{"text":"\ud83d"}]}]}`,
      'messages[0].content[0].text: expected well-formed Unicode, received a lone surrogate.',
      'messages[0].content[0].text',
    ],
    [
      "a lone surrogate in a field's name",
      String.raw`{"metadata":{"\udc00":1}}`,
      'metadata: expected well-formed Unicode in the name of a field.',
      'metadata',
    ],
    [
      "a lone surrogate in the body's own field",
      String.raw`{"\udc00":1}`,
      'The body: expected well-formed Unicode in the name of a field.',
      null,
    ],
  ])('refuses %s', async (_name, body, message, param) => {
    expect(await problemOf(toRequest(body))).toEqual({ kind: 'invalid', message, param });
  });

  test('says what is wrong in a broken body', async () => {
    const problem = await problemOf(toRequest('{"a":1,}'));
    expect(problem).toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/^The body is not valid JSON: ./),
    });
  });

  test('takes a pair of surrogates that was written in escapes', async () => {
    expect((await readJson(toRequest(String.raw`{"a":"\ud83d\ude00"}`), LIMITS)).ok).toBe(true);
  });

  test('takes 64 levels, and refuses one more by its path', async () => {
    expect((await readJson(toRequest(nested(64)), LIMITS)).ok).toBe(true);
    expect(await problemOf(toRequest(nested(65)))).toMatchObject({
      kind: 'invalid',
      param: `a${'[0]'.repeat(64)}`,
      message: expect.stringContaining('expected at most 64 levels of nesting.'),
    });
  });

  test.each([
    ['that close', nested(100_000)],
    ['that never close', `{"a":${'['.repeat(100_000)}`],
    ['of tables', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('survives 100,000 brackets %s', async (_name, body) => {
    const problem = await problemOf(toRequest(body));
    expect(problem).toMatchObject({ kind: 'invalid' });
    expect(JSON.stringify(problem).length).toBeLessThan(1000);
  });

  test('takes a body of exactly the limit, and refuses one byte more', async () => {
    const body = `{"a":"${'ä'.repeat(10)}"}`;
    const bytes = new TextEncoder().encode(body).length;
    for (const given of [body, chunked(new TextEncoder().encode(body))]) {
      expect((await readJson(toRequest(given), { ...LIMITS, maxBodyBytes: bytes })).ok).toBe(true);
    }
    for (const given of [body, chunked(new TextEncoder().encode(body))]) {
      expect(await problemOf(toRequest(given), { ...LIMITS, maxBodyBytes: bytes - 1 })).toEqual({
        kind: 'too-large',
        message: `The body: expected at most ${bytes - 1} bytes.`,
        param: null,
      });
    }
  });

  test('takes a body whose declared length is the limit', async () => {
    const request = toRequest('{"a":1}', 'application/json', { 'content-length': '7' });
    expect((await readJson(request, { ...LIMITS, maxBodyBytes: 7 })).ok).toBe(true);
  });

  test('reads a declared length above the limit no further', async () => {
    const request = toRequest(chunked(new Uint8Array(1)), 'application/json', { 'content-length': '101' });
    expect(await problemOf(request, { ...LIMITS, maxBodyBytes: 100 })).toMatchObject({ kind: 'too-large' });
    expect(request.bodyUsed).toBe(false);
  });

  test('stops reading a body of unknown length at the limit', async () => {
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (out) => {
          pulls += 1;
          out.enqueue(new Uint8Array(40));
        },
      },
      { highWaterMark: 0 },
    );
    expect(await problemOf(toRequest(endless), { ...LIMITS, maxBodyBytes: 100 })).toMatchObject({ kind: 'too-large' });
    expect(pulls).toBeLessThanOrEqual(4);
  });

  test('takes a body that breaks off for a client that left', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (out) => out.error(new Error('reset')) });
    expect(await problemOf(toRequest(broken))).toEqual({ kind: 'cancelled' });
  });
});

function nested(levels: number): string {
  return `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
}

function chunked(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (out) => {
      for (const chunk of chunks) {
        out.enqueue(chunk);
      }
      out.close();
    },
  });
}

/** As Node wants it: a body that is a stream needs `duplex`, and no type is set but the one given. */
function toRequest(
  body: BodyInit,
  type: string | null = 'application/json',
  headers: Record<string, string> = {},
): Request {
  const init = {
    method: 'POST',
    headers: { ...headers, ...(type === null ? {} : { 'content-type': type }) },
    duplex: 'half',
  };
  const request = new Request('https://gateway.test/v1/chat/completions', { ...init, body });
  if (type === null) {
    request.headers.delete('content-type');
  }
  return request;
}

async function problemOf(request: Request, limits = LIMITS): Promise<Problem> {
  const read = await readJson(request, limits);
  if (read.ok) {
    throw new Error(`expected a problem, received ${read.value.raw.slice(0, 80)}`);
  }
  return read.problem;
}
