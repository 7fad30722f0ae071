import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readRoutingRows } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'perigee-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const ROW = { prompt: 'Why?', weak_correct: false, strong_correct: true };

test("readRoutingRows() reads plain and gzip'd lines; a file's name is the subject of rows without one", () => {
  const lines = `${JSON.stringify({ ...ROW, subject: 'law' })}\n\n${JSON.stringify({ ...ROW, strong_correct: 1 })}\n`;
  const expected = [
    { ...ROW, subject: 'law' },
    { ...ROW, subject: 'mixed' },
  ];
  expect(readRoutingRows(write('mixed.jsonl', lines))).toEqual(expected);
  expect(readRoutingRows(write('mixed.jsonl.gz', gzipSync(lines)))).toEqual(expected);
});

test.each([
  ['no-rows.jsonl', '\n', 'no-rows.jsonl: expected rows, received none'],
  ['no-json.jsonl', 'Why?', 'no-json.jsonl:1: expected prompt, weak_correct and strong_correct'],
  ['no-label.jsonl', `${JSON.stringify(ROW)}\n{"prompt":"Why?","weak_correct":true}`, 'no-label.jsonl:2: expected'],
])('readRoutingRows() refuses %s, naming the place', (name, content, message) => {
  const file = write(name, content);
  expect(() => readRoutingRows(file)).toThrow(message);
});

test('readRoutingRows() says where there is no file', () => {
  expect(() => readRoutingRows(join(folder, 'absent.jsonl'))).toThrow('there is no ');
});
