/**
 * Whether the inputs of a request are of the kind that a task takes, and not too large together: an image may come as a
 * data URL in a text's place. Pure.
 */
import type { ClassificationTask, ClassifyFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { ClassifyInput } from '../contract/request.ts';
import { isImageUrl, parseImageUrl } from '../local/image/data-url.ts';
import { limitImages } from '../local/image/request-limit.ts';

/** All of them, or what is wrong with the first that does not fit, by its place. */
export function fitInputs(
  inputs: readonly ClassifyInput[],
  task: ClassificationTask,
): Result<ClassifyInput[], { place: number; fault: ClassifyFault }> {
  const admit = limitImages();
  const fitting: ClassifyInput[] = [];
  for (const [place, input] of inputs.entries()) {
    const fitted = fitInput(input, task);
    if (!fitted.ok) {
      return fail({ place, fault: fitted.problem });
    }
    const admitted = fitted.value.kind === 'image' ? admit(fitted.value.bytes) : fitted;
    if (!admitted.ok) {
      return fail({ place, fault: admitted.problem });
    }
    fitting.push(fitted.value);
  }
  return succeed(fitting);
}

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
