/** The recorded images: files, the pixels that a reference decoder gives, and what the model's reference says of them. */
import golden from '../golden/images.json' with { type: 'json' };

export const cases = golden.map((one) => ({ ...one, bytes: fromBase64(one.file) }));

export function caseOf(name: string): (typeof cases)[number] {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`golden images: expected ${name}`);
  }
  return found;
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
