/** Whether an input is of the kind that a task takes: an image may come as a data URL in a text's place. Pure. */
import type { ClassificationTask, ClassifyFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { ClassifyInput } from '../contract/request.ts';
import { isImageUrl, parseImageUrl } from '../local/image/data-url.ts';

export function fitInput(input: ClassifyInput, { takes }: ClassificationTask): Result<ClassifyInput, ClassifyFault> {
  if (takes === 'text') {
    const isImage = input.kind === 'image' || (input.kind === 'text' && isImageUrl(input.text));
    return isImage ? fail({ kind: 'wrong-kind', takes }) : succeed(input);
  }
  if (input.kind === 'text') {
    const bytes = parseImageUrl(input.text);
    return bytes.ok ? succeed({ kind: 'image', bytes: bytes.value }) : bytes;
  }
  return input.kind === 'image' ? succeed(input) : fail({ kind: 'wrong-kind', takes });
}
