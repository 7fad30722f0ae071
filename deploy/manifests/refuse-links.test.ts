import { expect, test } from 'vitest';
import { change, region, type Change, type Region } from './example.fixture.ts';
import { nameOf } from './manifest.ts';
import { refuseLinks } from './refuse-links.ts';

const REGIONS = { 'eu-central-1': region('eu-central-1'), 'us-east-1': region('us-east-1') };

const SLIPS: [Region, Change, string][] = [
  ['eu-central-1', ['Service vllm', '/spec/selector/app.kubernetes.io~1name', 'vlm'], 'takes no pod'],
  ['eu-central-1', ['Service vllm', '/spec/ports/0/targetPort', 'https'], 'has no port https'],
  ['eu-central-1', ['Deployment vllm', '/spec/selector/matchLabels/app.kubernetes.io~1name', 'triton'], 'takes no pod'],
  ['eu-central-1', ['PodDisruptionBudget triton', '/spec/selector/matchLabels/tier', 'gpu'], 'takes no pod'],
  ['eu-central-1', ['NetworkPolicy triton', '/spec/ingress/1/ports/0/port', 'metric'], 'has no port metric'],
  [
    'eu-central-1',
    ['Deployment triton', '/spec/template/spec/containers/0/livenessProbe/httpGet/port', 'web'],
    'port web',
  ],
  ['eu-central-1', ['ServiceMonitor triton', '/spec/endpoints/0/port', 'metric'], 'port metric'],
  ['eu-central-1', ['ScaledObject triton', '/spec/scaleTargetRef/name', 'tritons'], 'no Deployment tritons'],
  ['eu-central-1', ['ConfigMap tunnel', '/data/config.yaml', 'service: http://vllm:80'], 'no Service vllm has port 80'],
  ['us-east-1', ['HTTPRoute vllm', '/spec/rules/0/backendRefs/0/port', 8001], 'no Service vllm has port 8001'],
  ['us-east-1', ['HTTPRoute vllm', '/spec/parentRefs/0/sectionName', 'chats'], 'listens as chats'],
];

test.each<Region>(['eu-central-1', 'us-east-1'])('refuseLinks() takes %s as it is', (name) => {
  expect(refuseLinks(REGIONS[name])).toEqual([]);
});

test.each(SLIPS)('refuseLinks() refuses a link that leads nowhere: %s %j', (name, slip, words) => {
  const faults = refuseLinks(change(REGIONS[name], slip));
  expect(faults.join('\n')).toContain(words);
});

test('refuseLinks() misses a Service that was taken out', () => {
  const without = REGIONS['us-east-1'].filter((one) => nameOf(one) !== 'Service triton');
  expect(refuseLinks(without)).toEqual([
    'ServiceMonitor triton: no Service that it selects has port metrics',
    'HTTPRoute triton: no Service triton has port 8000',
  ]);
});
