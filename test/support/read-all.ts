/** Reads a body to its end, as text. */
import type { ChunkReader } from '../../src/contract/origin.ts';

export async function readAll(reader: ChunkReader): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
  }
  return text;
}
