import { expect, test } from 'vitest';
import { change, region, type Change } from './example.fixture.ts';
import { refusePods, secretsOf } from './refuse-pods.ts';

const REGION = region('eu-central-1');
const POD = '/spec/template/spec';

const SLIPS: [Change, string][] = [
  [['Deployment vllm', `${POD}/serviceAccountName`, 'vlm'], 'no ServiceAccount vlm'],
  [
    ['Deployment vllm', `${POD}/volumes/0/persistentVolumeClaim/claimName`, 'models'],
    'no PersistentVolumeClaim models',
  ],
  [['Deployment vllm', `${POD}/containers/0/envFrom/0/configMapRef/name`, 'model'], 'no ConfigMap model'],
  [['Deployment vllm', `${POD}/containers/0/volumeMounts/0/name`, 'weights'], 'mounts weights'],
  [['ConfigMap triton-repository', '/data/path'], 'no path in ConfigMap triton-repository'],
  [['Deployment vllm', `${POD}/containers/0/image`, 'vllm/vllm-openai:latest'], 'has no version'],
  [['Deployment triton', `${POD}/containers/0/image`, 'nvcr.io/nvidia/tritonserver'], 'has no version'],
  [['Deployment tunnel', `${POD}/containers/0/resources/limits/memory`], 'memory limit'],
  [['Deployment tunnel', `${POD}/containers/0/securityContext/readOnlyRootFilesystem`], 'write its own files'],
  [['Deployment tunnel', `${POD}/containers/0/securityContext/allowPrivilegeEscalation`, true], 'gain privileges'],
  [['Deployment tunnel', `${POD}/securityContext/runAsNonRoot`, false], 'run as root'],
  [['Deployment vllm', `${POD}/terminationGracePeriodSeconds`, 920], 'killed after 920 s and needs 920 s'],
  [['Deployment triton', `${POD}/terminationGracePeriodSeconds`], 'killed after 30 s and needs 80 s'],
];

test('refusePods() takes the example region as it is', () => {
  expect(refusePods(REGION)).toEqual([]);
});

test.each(SLIPS)('refusePods() refuses %j', (slip, words) => {
  expect(refusePods(change(REGION, slip)).join('\n')).toContain(words);
});

test('refusePods() refuses a Secret in a file', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'vllm' }, stringData: { 'api-key': 'x' } };
  expect(refusePods([secret])).toEqual(['Secret vllm: belongs in no file']);
});

test('secretsOf() names what has to be made by hand', () => {
  expect(secretsOf(REGION)).toEqual(['hugging-face', 'triton', 'triton-repository', 'tunnel', 'vllm']);
});
