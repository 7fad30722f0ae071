import { describe, expect, it } from 'vitest';
import { isImageUrl, parseImageUrl } from './data-url.ts';

describe('parseImageUrl()', () => {
  it.each(['data:image/jpeg;base64,AQID', 'DATA:image/PNG;base64,AQID', 'data:image/jpg;name=a.jpg;base64,AQID'])(
    'reads %s',
    (url) => {
      expect(parseImageUrl(url)).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3) });
    },
  );

  it.each([
    ['so glad', 'received a text'],
    ['https://example.com/a.jpg', 'received a link, which is not followed'],
    ['data:image/gif;base64,AQID', 'received a data URL of type image/gif'],
    ['data:;base64,AQID', 'received a data URL of type none'],
    ['data:image/png,AQID', 'received a data URL that is not base64'],
    ['data:image/png;base64,A*', 'received a data URL whose base64 is broken'],
  ])('refuses %s', (url, message) => {
    const parsed = parseImageUrl(url);
    expect(parsed.ok ? '' : parsed.problem.message).toContain('expected an image as data:image/jpeg;base64,');
    expect(parsed.ok ? '' : parsed.problem.message).toContain(message);
  });
});

describe('isImageUrl()', () => {
  it.each([
    ['data:image/png;base64,AQID', true],
    ['data: the numbers of last year', false],
  ])('%s: %s', (text, isUrl) => {
    expect(isImageUrl(text)).toBe(isUrl);
  });
});
