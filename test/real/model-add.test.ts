/** `npm run model:add` on models that nobody here made, and on files that are none it can serve. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/local/manifest.ts';
import { parseTensorManifest } from '../../src/local/tensors/manifest.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODELS = join(process.env['PERIGEE_DATA'] ?? join(ROOT, '../shared/data'), 'models');
const folder = mkdtempSync(join(tmpdir(), 'perigee-real-'));

beforeAll(() => {
  if (!existsSync(MODELS)) {
    throw new Error(
      `${MODELS}: expected the folder of test models, received none; PERIGEE_DATA names another data folder`,
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function add(file: string, ...args: string[]) {
  const out = join(folder, `out-${readdirSync(folder).length}`);
  const task = args.includes('--task') ? [] : ['--task', 'tensors'];
  const command = [join(ROOT, 'deploy/model-add.ts'), file, ...task, '--out', out, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stdout, stderr, out };
}

interface Measured {
  variant: string;
  fidelity: Record<string, { leastCosine: number; top1: number | null }>;
}

describe('model:add', () => {
  it.each<[string, string[], object]>([
    [
      'mnist.onnx',
      [],
      { stages: { length: 1 }, maxElements: 784, inputs: [{ datatype: 'FP32', shape: [1, 1, 28, 28] }] },
    ],
    ['mnist.onnx', ['--stages', '3', '--quantise', 'none'], { stages: { length: 3 } }],
    ['mnist.onnx', ['--cut', 'Pooling66_Output_0'], { stages: [{}, { inputs: ['Pooling66_Output_0'] }] }],
    ['ultraface_rfb320.onnx', [], { outputs: [{ name: 'scores' }, { name: 'boxes', shape: [1, 4420, 4] }] }],
    ['standard_v3_3.onnx', [], { inputs: [{ name: 'bytes', datatype: 'INT32', shape: [-1, 2048] }] }],
  ])('takes %s %j, near to what onnxruntime gives', (model, args, expected) => {
    const { status, stderr, out } = add(join(MODELS, model), ...args);
    expect([status, stderr]).toEqual([0, '']);
    const json: unknown = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    const manifest = parseTensorManifest(json);
    expect(manifest).toMatchObject(expected);
    expect(readdirSync(out).toSorted()).toEqual(
      [...Object.keys(manifest.files), 'README.md', 'manifest.json'].toSorted(),
    );
    for (const { leastCosine, top1 } of Object.values((json as Measured).fidelity)) {
      expect(leastCosine).toBeGreaterThan(0.99);
      expect(top1 ?? 1).toBeGreaterThan(0.97);
    }
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('| fp32 |');
  });

  it('gives an image classifier ramps, which stay off where few rows certify', () => {
    const { status, stderr, stdout, out } = add(join(MODELS, 'mnist.onnx'), '--task', 'classify', '--ramps', '2');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Exits are off at the start');
    const manifest = parseManifest(
      JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')),
      'image-classification',
    );
    expect(manifest).toMatchObject({
      input: { width: 28, height: 28 },
      stages: { length: 3 },
      ramps: [{ after: 'stage-0.onnx' }, { after: 'stage-1.onnx' }],
      tasks: { mnist: { labels: { length: 10 }, settings: [] } },
    });
  });

  it.each([
    ['ultraface_rfb320.onnx', '--task classify: expected one output FP32 [1,classes], received FP32 [1, 4420, 2]'],
    ['standard_v3_3.onnx', '--task classify: expected one input FP32 [1,3,H,W]'],
  ])('refuses to classify images by %s', (model, message) => {
    const { status, stderr } = add(join(MODELS, model), '--task', 'classify');
    expect([status, stderr.trim().split('\n')]).toEqual([1, [expect.stringContaining(message)]]);
  });

  it.each<[string, () => Uint8Array, string]>([
    ['an empty file', () => new Uint8Array(), 'received an empty file'],
    ['random bytes', () => crypto.getRandomValues(new Uint8Array(4096)), 'expected an ONNX model'],
    ['a text', () => new TextEncoder().encode('hello, this is no model\n'.repeat(50)), 'expected an ONNX model'],
    ['half a model', () => readFileSync(join(MODELS, 'mnist.onnx')).subarray(0, 13_000), 'expected an ONNX model'],
    [
      'operators that no runtime has',
      () =>
        Buffer.from(
          readFileSync(join(MODELS, 'mnist.onnx')).toString('latin1').replaceAll('\u0004Relu', '\u0004Rulu'),
          'latin1',
        ),
      'operators that the runtime does not have: ai.onnx:Rulu (opset 8, first at node',
    ],
  ])('refuses %s in one line, and writes nothing', (name, bytes, message) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.onnx`);
    writeFileSync(file, bytes());
    const { status, stdout, stderr, out } = add(file);
    expect([status, stdout, stderr.trim().split('\n')]).toEqual([1, '', [expect.stringContaining(message)]]);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['--cut', 'nothing'], '--cut: expected tensors through which everything flows, in order (Convolution28_Output_0'],
    [['--stages', '50'], 'expected 49 tensors through which everything flows, found'],
    [['--shape', 'Input3=1,3,28,28'], '--shape Input3: expected [1, 1, 28, 28] (-1: any), received [1, 3, 28, 28]'],
    [['--calibrate', 'none.npz'], '--calibrate none.npz: expected .npz, .npy or .json'],
  ])('refuses %j', (args, message) => {
    const { status, stderr, out } = add(join(MODELS, 'mnist.onnx'), ...args);
    expect([status, stderr.trim().split('\n')]).toEqual([1, [expect.stringContaining(message)]]);
    expect(existsSync(out)).toBe(false);
  });
});
