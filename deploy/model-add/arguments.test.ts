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
      out: '/models/mnist',
    });
  });

  it.each([
    [[], 'expected one file, received 0'],
    [['a.onnx', 'b.onnx', '--task', 'tensors'], 'expected one file, received 2'],
    [['a.onnx'], '--task: expected tensors, received none'],
    [['a.onnx', '--task', 'sing'], '--task: expected tensors, received sing'],
    [['a.onnx', '--task', 'tensors', '--quantise', 'int4'], '--quantise: expected int8, none or auto, received int4'],
    [['a.onnx', '--task', 'tensors', '--stages', '0'], '--stages: expected a number from 1 to 99, received 0'],
    [['a.onnx', '--task', 'tensors', '--stages', '2', '--cut', 'h'], '--stages and --cut'],
    [['a.onnx', '--task', 'tensors', '--name', '../x'], '--name: expected'],
    [['a.onnx', '--task', 'tensors', '--shape', 'x'], '--shape: expected INPUT=1,128, received x'],
    [['a.onnx', '--strange'], '--strange'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
