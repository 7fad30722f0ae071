/** An image in a data URL (RFC 2397), base64. Pure. */
import type { ImageFault } from '../../contract/ports.ts';
import { succeed, type Result } from '../../contract/problem.ts';
import { badImage } from './fault.ts';

const EXPECTED = 'an image as data:image/jpeg;base64,… or data:image/png;base64,…';
const HEAD = /^data:([^,;]{0,64})((?:;[^,;]{0,64}){0,8}),/i;

/** Whether a text is an image rather than words. */
export function isImageUrl(text: string): boolean {
  return /^data:image\//i.test(text);
}

export function parseImageUrl(text: string): Result<Uint8Array<ArrayBuffer>, ImageFault> {
  const [head, type = '', parameters = ''] = HEAD.exec(text) ?? [];
  if (head === undefined) {
    return badImage(EXPECTED, text.startsWith('http') ? 'a link, which is not followed' : 'a text');
  }
  if (!/^image\/(?:jpeg|jpg|png)$/i.test(type)) {
    return badImage(EXPECTED, `a data URL of type ${type || 'none'}`);
  }
  if (!/;base64$/i.test(parameters)) {
    return badImage(EXPECTED, 'a data URL that is not base64');
  }
  const bytes = fromBase64(text.slice(head.length));
  return bytes === null ? badImage(EXPECTED, 'a data URL whose base64 is broken') : succeed(bytes);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] = binary.charCodeAt(at);
    }
    return bytes;
  } catch {
    return null;
  }
}
