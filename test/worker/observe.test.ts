/** Holds what certifies to what serves: the observing Worker and a classify call say the same, to the last bit. */
import { createExecutionContext, env } from 'cloudflare:test';
import { expect, test } from 'vitest';
import observer from '../../deploy/observe/observe.worker.ts';
import type { Observation } from '../../deploy/observe/observation.ts';
import textJson from '../../models/text/manifest.json';
import { createClassificationModel } from '../../src/bindings/classification-model.ts';
import { EXITS_OFF } from '../../src/contract/exits.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { createParts } from '../support/worker/parts.ts';

const TEXTS = ['How far is it from Denver to Aspen ?', 'Who was Galileo ?', 'What is a fuel cell ?'];

test('the observing Worker says of each ramp and of the full model what a sampled classify call says', async () => {
  const observed = await observe(TEXTS);
  const model = createClassificationModel(parseManifest(textJson, 'classification'), createParts());
  const options = { policy: EXITS_OFF, sentinel: null, isSampled: true, truncateTo: -1 };
  for (const [at, text] of TEXTS.entries()) {
    const answered = await model.classify('trec', { kind: 'text', text }, options, () => undefined);
    const value = answered.ok ? answered.value : null;
    const feedback = await value?.finish?.();
    const { confidences = [], labels = [] } = observed[at] ?? {};
    expect(labels.at(-1)).toBe(value?.label);
    expect(confidences).toEqual([...(feedback?.confidences ?? []), value?.confidence]);
    expect(labels.slice(0, -1).map((label) => label === labels.at(-1))).toEqual(feedback?.agrees);
  }
});

test('the observing Worker names a text that has no token, and a task that is not there', async () => {
  await expect(observe(['  '])).rejects.toThrow('input 0: {"kind":"empty"}');
  await expect(observe(['Who ?'], 'weather')).rejects.toThrow('expected one of sst2');
});

async function observe(texts: readonly string[], task = 'trec'): Promise<Observation[]> {
  const body = JSON.stringify({ task, inputs: texts.map((text) => ({ text })) });
  const request = new Request<unknown, IncomingRequestCfProperties>('https://observer.test/', { method: 'POST', body });
  const answer = await observer.fetch(request, { ASSETS: env.ASSETS, MANIFEST: textJson }, createExecutionContext());
  return answer.json();
}
