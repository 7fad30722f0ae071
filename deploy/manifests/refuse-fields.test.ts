import { expect, test } from 'vitest';
import { change, region, type Change } from './example.fixture.ts';
import { nameOf } from './manifest.ts';
import { refuseFields } from './refuse-fields.ts';

const CONTAINER = '/spec/template/spec/containers/0';

/** Each is one slip of the pen, and the words that tell it. */
const SLIPS: [Change, string][] = [
  [['Deployment vllm', `${CONTAINER}/imagePullPolcy`, 'Always'], 'imagePullPolcy'],
  [['Deployment vllm', `${CONTAINER}/imagePullPolicy`, 'Allways'], 'imagePullPolicy'],
  [['Deployment vllm', `${CONTAINER}/readinessProbe/httpGet/paht`, '/health'], 'paht'],
  [['Deployment vllm', `${CONTAINER}/resources/limits/memory`, '48 GB'], 'quantity'],
  [['Deployment vllm', '/spec/template/spec/terminationGracePeriodSeconds', '960'], 'integer'],
  [['Deployment vllm', '/spec/selector'], 'selector'],
  [['ScaledObject vllm', '/spec/minReplicas', 2], 'minReplicas'],
  [['ScaledObject vllm', '/spec/triggers/0/metadata/threshold', 4], 'threshold'],
  [['ScaledObject vllm', '/spec/fallback/behavior', 'stay'], 'behavior'],
  [['PodDisruptionBudget vllm', '/spec/maxUnavailabel', 1], 'maxUnavailabel'],
  [['NetworkPolicy vllm', '/spec/ingres', []], 'ingres'],
  [['ServiceMonitor vllm', '/spec/endpoints/0/interval', '15 seconds'], 'interval'],
  [['ServiceMonitor vllm', '/spec/endpoints/0/prot', 'http'], 'prot'],
  [['Gateway region', '/spec/listeners/0/tls/modus', 'Terminate'], 'modus'],
  [['HTTPRoute vllm', '/spec/rules/0/matches/0/path/type', 'Prefix'], 'type'],
  [['Service vllm', '/apiVersion', 'v2'], 'no schema for v2 Service'],
];

test('refuseFields() takes the example regions as they are', async () => {
  expect(await refuseFields([...region('eu-central-1'), ...region('us-east-1')])).toEqual([]);
});

test('refuseFields() refuses a field that no schema knows, and a value that its schema does not take', async () => {
  const whole = region('us-east-1');
  // Each under a name of its own, so that one run of the compiler judges all.
  const slips = SLIPS.map(([slip, words], place) => {
    const changed = change(whole, slip).find((one) => nameOf(one) === slip[0]);
    return { name: `${changed?.kind} slip-${place}:`, words, changed };
  });
  const faults = await refuseFields(
    slips.flatMap(({ changed }, place) =>
      changed === undefined ? [] : [{ ...changed, metadata: { ...changed.metadata, name: `slip-${place}` } }],
    ),
  );
  for (const { name, words } of slips) {
    expect(faults.filter((fault) => fault.startsWith(name)).join('\n')).toContain(words);
  }
});
