import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { render } from './render.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

const HEAD = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { colour: blue }\n';

function write(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-render-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function patched(patch: string): string {
  return `${HEAD}resources: [map.yaml]\npatches:\n  - target: { kind: ConfigMap, name: settings }\n    patch: '${patch}'\n`;
}

test('render() puts bases, components and patches together', () => {
  const folder = write({
    'base/kustomization.yaml': `${HEAD}resources: [map.yaml]\n`,
    'base/map.yaml': MAP,
    'door/kustomization.yaml': `${HEAD.replace('Kustomization', 'Component')}resources: [map.yaml]\n`,
    'door/map.yaml': MAP.replace('settings', 'door'),
    'region/kustomization.yaml': `${HEAD}resources: [../base]\ncomponents: [../door]\npatches:
  - target: { kind: ConfigMap, name: settings|door }
    patch: '[{ op: replace, path: /data/colour, value: red }, { op: add, path: /data/a~1b, value: c }]'\n`,
  });
  expect(render(join(folder, 'region'))).toEqual(
    ['settings', 'door'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { colour: 'red', 'a/b': 'c' },
    })),
  );
});

test.each([
  ['a field that it does not know', `${HEAD}resources: [map.yaml]\nnamePrefix: x-\n`, 'namePrefix'],
  ['a resource that is not there', `${HEAD}resources: [maps.yaml]\n`, 'there is no maps.yaml'],
  ['an object that is there twice', `${HEAD}resources: [map.yaml, map.yaml]\n`, 'ConfigMap settings is there twice'],
  [
    'a patch of a field that is not there',
    patched('[{ op: replace, path: /data/color, value: red }]'),
    'no such field',
  ],
  ['a patch into nothing', patched('[{ op: add, path: /date/colour, value: red }]'), 'nothing that could hold it'],
  ['a patch that it cannot read', patched('[{ op: move, path: /data }]'), 'the patch for settings'],
  [
    'a patch that hits nothing',
    patched('[]').replace('name: settings', 'name: setting'),
    'a patch for ConfigMap setting, which is not there',
  ],
])('render() refuses %s', (_, kustomization, words) => {
  const folder = write({ 'kustomization.yaml': kustomization, 'map.yaml': MAP });
  expect(() => render(folder)).toThrow(words);
});

test('render() refuses a key that is there twice', () => {
  const folder = write({ 'kustomization.yaml': `${HEAD}resources: [map.yaml]\n`, 'map.yaml': `${MAP}data: {}\n` });
  expect(() => render(folder)).toThrow('Map keys must be unique');
});
