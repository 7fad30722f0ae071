import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

const parse = (...args: string[]) => parseArguments(args, '/models');

describe('parseArguments()', () => {
  it('names the model after its file', () => {
    expect(parse('a/mnist.onnx', '--task', 'tensors')).toEqual({
      file: 'a/mnist.onnx',
      task: 'tensors',
      name: 'mnist',
      licence: 'not stated',
      stages: 1,
      cut: '',
      quantise: 'auto',
      shapes: [],
      calibrate: [],
      mean: [0, 0, 0],
      std: [255, 255, 255],
      labels: null,
      out: '/models/mnist',
    });
  });

  it.each([
    [[], 'expected one file, received 0'],
    [['a.onnx', 'b.onnx', '--task', 'tensors'], 'expected one file, received 2'],
    [['a.onnx'], '--task: expected tensors or classify, received none'],
    [['a.onnx', '--task', 'sing'], '--task: expected tensors or classify, received sing'],
    [['a.onnx', '--task', 'tensors', '--quantise', 'int4'], '--quantise: expected int8, none or auto, received int4'],
    [['a.onnx', '--task', 'tensors', '--stages', '0'], '--stages: expected a number from 1 to 99, received 0'],
    [['a.onnx', '--task', 'tensors', '--stages', '2', '--cut', 'h'], '--stages, --ramps and --cut'],
    [['a.onnx', '--task', 'tensors', '--name', '../x'], '--name: expected'],
    [['a.onnx', '--task', 'tensors', '--shape', 'x'], '--shape: expected INPUT=1,128, received x'],
    [['a.onnx', '--task', 'classify', '--ramps', '0'], '--ramps: expected a number from 1 to 99, received 0'],
    [['a.onnx', '--task', 'classify', '--stages', '2'], '--stages: expected none with --task classify'],
    [['a.onnx', '--task', 'tensors', '--ramps', '2'], '--ramps: expected none with --task tensors'],
    [['a.onnx', '--task', 'classify', '--std', '1,0,1'], '--std: expected three numbers'],
    [['a.onnx', '--strange'], '--strange'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
