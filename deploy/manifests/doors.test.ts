/** vLLM's key guards /v1 alone, and Triton can load models: which paths a door lets through is part of the region's safety. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { region } from './example.fixture.ts';
import { at, listAt, nameOf, show } from './manifest.ts';

/** As cloudflared does: the first rule whose path, a regular expression, is found in the request's. */
function throughTunnel(path: string): string {
  const map = region('eu-central-1').find((one) => nameOf(one) === 'ConfigMap tunnel');
  const rules = listAt(parse(show(at(map, 'data', 'config.yaml'))), 'ingress');
  return show(
    rules.find((rule) => rule['path'] === undefined || new RegExp(show(rule['path'])).test(path))?.['service'],
  );
}

function throughGateway(path: string): string {
  const routes = region('us-east-1').filter(({ kind }) => kind === 'HTTPRoute');
  const route = routes.find((one) =>
    listAt(one, 'spec', 'rules', 0, 'matches').some((match) => {
      const value = show(at(match, 'path', 'value'));
      return path === value || (at(match, 'path', 'type') === 'PathPrefix' && path.startsWith(`${value}/`));
    }),
  );
  return route === undefined ? 'none' : show(at(route, 'spec', 'rules', 0, 'backendRefs', 0, 'name'));
}

test.each(['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/models'])('%s comes to vLLM', (path) => {
  expect(throughTunnel(path)).toBe('http://vllm:8000');
  expect(throughGateway(path)).toBe('vllm');
});

test.each(['/v2', '/v2/health/ready', '/v2/models/resnet50', '/v2/models/resnet50/versions/1/infer'])(
  '%s comes to Triton',
  (path) => {
    expect(throughTunnel(path)).toBe('http://triton:8000');
    expect(throughGateway(path)).toBe('triton');
  },
);

test.each([
  '/',
  '/invocations',
  '/pause',
  '/metrics',
  '/health',
  '/v1/load_lora_adapter',
  '/v1/chat/completions/../../../pause',
  '/x/v1/models',
  '/v2/repository/index',
  '/v2/repository/models/resnet50/load',
  '/v2/systemsharedmemory/status',
  '/v2/logging',
])('%s comes to no server', (path) => {
  expect(throughTunnel(path)).toBe('http_status:404');
  expect(throughGateway(path)).toBe('none');
});
