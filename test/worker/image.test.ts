/** Images as a client sends them: what is answered, and what is refused with a word on what was expected. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import manifestJson from '../../models/cifar10/manifest.json';
import { createClassifier } from '../../src/bindings/classifier.ts';
import { heapBytes } from '../../src/bindings/onnx-sessions.ts';
import { EXITS_OFF } from '../../src/contract/exits.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { caseOf, cases } from '../support/golden-images.ts';
import { jpegOf, pngOf, segment } from '../support/image-files.ts';
import { createKey, errorOf, post, send, type Sent } from '../support/worker/gateway.ts';
import { createParts } from '../support/worker/parts.ts';

const PATH = '/v1/classify';
const manifest = parseManifest(manifestJson, 'image-classification');
const labels: readonly string[] = manifest.tasks['cifar10']?.labels ?? [];

let key = '';
beforeAll(async () => {
  key = await createKey({ tenant: 'images' });
});

interface Item {
  index: number;
  label: string;
  score: number;
  probs: number[];
  scores?: { label: string }[];
  perigee: { exit: number | 'full'; confidence: number };
}

const itemsOf = ({ json }: Sent): Item[] => json['data'] as Item[];
const toUrl = (bytes: Uint8Array, type = 'jpeg'): string => `data:image/${type};base64,${toBase64(bytes)}`;
const ask = (input: unknown, headers: Record<string, string> = {}, model = 'cifar10'): Promise<Sent> =>
  send(PATH, post(key, { model, input }, headers));
const askRaw = (bytes: Uint8Array, type: string, query = '?model=cifar10'): Promise<Sent> =>
  send(`${PATH}${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
    body: bytes,
  });
const askForm = (form: FormData): Promise<Sent> =>
  send(PATH, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: form });

const JPEG = caseOf('jpeg').bytes;
const PNG = caseOf('png').bytes;

describe('cifar10 against the reference', () => {
  test('every ramp and the full model are as sure of the same label', { timeout: 120_000 }, async () => {
    const classifier = createClassifier({ manifests: [manifest], parts: createParts() }).forRequest(() => {});
    const [task] = classifier.tasks;
    const different: unknown[] = [];
    for (const { name, bytes, labels: expected, confidences } of cases) {
      const options = { policy: EXITS_OFF, sentinel: null, isSampled: true, truncateTo: null };
      const given = task && (await classifier.classify(task, { kind: 'image', bytes }, options));
      if (given?.ok !== true) {
        throw new Error(`${name}: expected a label, received ${JSON.stringify(given)}`);
      }
      const { label, confidence, confidences: seen } = given.value;
      const away = [...seen, confidence].map((value, at) => Math.abs((value ?? 0) - (confidences[at] ?? 0)));
      // The reference's kernels round otherwise.
      if (label !== expected.at(-1) || Math.max(...away) > 0.05) {
        different.push({ name, label, expected, away });
      }
    }
    expect(different).toEqual([]);
  });
});

describe('POST /v1/classify with an image', () => {
  test('takes data URLs, one or several', async () => {
    const sent = await ask([toUrl(JPEG), toUrl(PNG, 'png')], { 'x-perigee-exit': 'off' });
    expect([sent.status, sent.json['model']]).toEqual([200, 'cifar10']);
    expect(sent.headers.get('x-perigee-exit')).toBe('full, full');
    expect(sent.headers.get('x-perigee-model-version')).toBe(manifest.version);
    expect(itemsOf(sent).map(({ label }) => labels.indexOf(label))).toEqual([
      caseOf('jpeg').labels.at(-1),
      caseOf('png').labels.at(-1),
    ]);
    expect(itemsOf(sent)[0]?.probs).toHaveLength(10);
    expect(sent.json).toMatchObject({ usage: { prompt_tokens: 0, total_tokens: 0 } });
  });

  test("takes an image's own bytes, and forms, with the same answer", async () => {
    const [expected] = itemsOf(await ask(toUrl(JPEG)));
    for (const type of ['image/jpeg', 'image/jpg', 'image/png']) {
      // What it is, the bytes say.
      expect(itemsOf(await askRaw(JPEG, type))[0]).toEqual(expected);
    }
    const form = new FormData();
    form.set('model', 'cifar10/cifar10');
    form.append('file', new File([JPEG], 'a.jpg', { type: 'image/jpeg' }));
    form.append('file', new File([PNG], 'b.png'));
    const sent = await askForm(form);
    expect(itemsOf(sent).map(({ index }) => index)).toEqual([0, 1]);
    expect(itemsOf(sent)[0]).toEqual(expected);
  });

  test("gives every label's score where it is asked to", async () => {
    const raw = await askRaw(PNG, 'image/png', '?model=cifar10&return_all_scores=true');
    const [item] = itemsOf(raw);
    expect(item?.scores?.map(({ label }) => label).toSorted()).toEqual([...labels].toSorted());
    expect(item?.scores?.[0]?.label).toBe(item?.label);
  });

  test('leaves at a ramp, and says which', async () => {
    const sent = await ask(toUrl(JPEG), { 'x-perigee-accuracy': '0.95' });
    const [item] = itemsOf(sent);
    expect(sent.headers.get('x-perigee-exit')).toBe(String(item?.perigee.exit));
    expect(item?.score).toBe(item?.perigee.confidence);
  });

  const cut = (bytes: Uint8Array): Uint8Array => bytes.slice(0, Math.floor(bytes.length / 2));
  const patched = (bytes: Uint8Array): Uint8Array => Uint8Array.from([...bytes.subarray(0, -30), 0xff, 0xd9]);
  const broken = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, at) => (at === bytes.length - 30 ? byte ^ 0x55 : byte));

  /** The whole file in what reads as one segment with a length, then the header of a small one. */
  const behind = (bytes: Uint8Array): Uint8Array => {
    const hidden = bytes.subarray(2);
    const small = jpegOf({ width: 8, height: 8 }).subarray(2);
    return Uint8Array.from([0xff, 0xd8, ...segment(0xd0, [...hidden]), ...small]);
  };

  test.each<[string, unknown, number, string]>([
    ['a text', 'a warm and funny film', 400, 'input[0]: expected an image as data:image/jpeg;base64,'],
    ['a link', 'https://example.com/cat.jpg', 400, 'received a link, which is not followed'],
    ['token ids', [[1, 2]], 400, 'input[0]: expected an image, received token ids.'],
    ['an empty image', toUrl(new Uint8Array()), 400, 'expected a JPEG or PNG image, received no bytes'],
    ['a GIF', toUrl(new TextEncoder().encode('GIF89a')), 400, 'expected a JPEG or PNG image, received a GIF'],
    ['a JPEG that is cut short', toUrl(cut(JPEG)), 400, 'expected a whole JPEG, received one that is cut short'],
    ['one whose end was put on again', toUrl(patched(JPEG)), 400, 'expected a whole JPEG, received one that cannot'],
    ['a PNG that is cut short', toUrl(cut(PNG), 'png'), 400, 'expected a whole PNG, received one that is cut short'],
    ['a PNG with a wrong checksum', toUrl(broken(PNG), 'png'), 400, 'expected a whole PNG, received one that cannot'],
    ['a JPEG of headers', toUrl(jpegOf()), 400, 'expected a whole JPEG'],
    ['100 megapixels', toUrl(jpegOf({ width: 10_000, height: 10_000 })), 413, 'at most 6000000 pixels in a JPEG'],
    ['a large PNG', toUrl(pngOf({ width: 50_000, height: 50_000 }), 'png'), 413, 'at most 1500000 pixels in a PNG'],
    ['a large image behind a small one', toUrl(behind(JPEG)), 400, 'expected a whole JPEG, received one that is cut'],
    ['CMYK', toUrl(jpegOf({ components: 4 })), 400, 'received one in CMYK'],
  ])('refuses %s', async (_, input, status, message) => {
    const sent = await ask(input);
    expect([sent.status, errorOf(sent).param]).toEqual([status, 'input[0]']);
    expect(errorOf(sent).message).toContain(message);
  });

  test('refuses images that are too large together, before any is decoded', async () => {
    const large = toUrl(jpegOf({ width: 3000, height: 2000 }));
    const sent = await ask([large, large, toUrl(JPEG)]);
    expect([sent.status, errorOf(sent).param]).toEqual([413, 'input[2]']);
    expect(errorOf(sent).message).toContain('at most 12000000 pixels in all images of a request');
  });

  test('names the one that is wrong', async () => {
    const sent = await ask([toUrl(JPEG), toUrl(cut(JPEG))]);
    expect([sent.status, errorOf(sent).param]).toEqual([400, 'input[1]']);
  });

  test('an image is nothing for a model of texts', async () => {
    const sent = await ask(toUrl(JPEG), {}, 'sst2');
    expect([sent.status, errorOf(sent).param]).toEqual([400, 'input[0]']);
    expect(errorOf(sent).message).toBe('input[0]: expected a text, received an image.');
    const raw = await askRaw(JPEG, 'image/jpeg', '?model=sst2');
    expect([raw.status, errorOf(raw).param]).toEqual([400, 'body']);
  });

  test.each<[string, () => Promise<Sent>, number, string | null]>([
    ['bytes without a model', () => askRaw(JPEG, 'image/jpeg', ''), 400, 'model'],
    ['bytes that are cut short', () => askRaw(cut(JPEG), 'image/jpeg'), 400, 'body'],
    ['another type', () => askRaw(JPEG, 'image/webp'), 415, null],
    ['a form without a file', () => askForm(formOf({ model: 'cifar10' })), 400, 'file'],
    ['a form with a text for a file', () => askForm(formOf({ model: 'cifar10', file: 'a' })), 400, 'file'],
    ['a form without a model', () => askForm(formOf({ file: new File([JPEG], 'a.jpg') })), 400, 'model'],
    [
      'a form of another choice',
      () => askForm(formOf({ model: 'cifar10', return_all_scores: 'yes' })),
      400,
      'return_all_scores',
    ],
    ['what is no form', () => askRaw(JPEG, 'multipart/form-data; boundary=x', ''), 400, null],
    ['too large a body', () => askRaw(new Uint8Array(2_000_001), 'image/jpeg'), 413, null],
  ])('refuses %s', async (_, sending, status, param) => {
    const sent = await sending();
    expect([sent.status, errorOf(sent).param]).toEqual([status, param]);
  });

  test('/v1/models shows what it takes', async () => {
    const { json } = await send('/v1/models/cifar10', { headers: { authorization: `Bearer ${key}` } });
    expect(json).toMatchObject({ id: 'cifar10', perigee: { task: 'classification', input: 'image', labels } });
  });
});

describe('memory', () => {
  test('images and texts go on while each makes the other leave', { timeout: 120_000 }, async () => {
    const text = parseManifest(
      await (await env.ASSETS.fetch('https://assets.invalid/models/text/manifest.json')).json(),
      'classification',
    );
    const heap = heapBytes() ?? 0;
    // Room for the text's table and tokenizer, or for the image decoders.
    const parts = createParts({ budgetBytes: heap + 66_000_000 });
    const classifier = createClassifier({ manifests: [text, manifest], parts }).forRequest(() => {});
    const taskOf = (name: string) => classifier.tasks.find((task) => task.name === name) ?? classifier.tasks[0];
    const options = { policy: EXITS_OFF, sentinel: null, isSampled: false, truncateTo: -1 };
    for (const [name, input] of [
      ['cifar10', { kind: 'image', bytes: JPEG }],
      ['sst2', { kind: 'text', text: 'so glad' }],
      ['cifar10', { kind: 'image', bytes: JPEG }],
    ] as const) {
      const task = taskOf(name);
      const given = task && (await classifier.classify(task, input, options));
      expect(given).toMatchObject({ ok: true });
    }
    expect(parts.pool.status().totalBytes).toBeLessThanOrEqual(heap + 66_000_000);
    expect(parts.pool.status().loaded).not.toContain('text/text');
  });
});

function formOf(fields: Readonly<Record<string, string | File>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, value);
  }
  return form;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
