import { describe, expect, test } from 'vitest';
import { describeFault, describeStoreFault } from './describe-fault.ts';

describe('describeFault()', () => {
  test('tells the name and the place of an error, not what it quotes', () => {
    const told = describeFault(thrownBy(() => JSON.parse('SECRET')));
    expect(told).toMatch(/^SyntaxError at /);
    expect(told).not.toContain('SECRET');
  });

  test('takes no line of a message for a place', () => {
    const told = describeFault(new TypeError('no\n    at SECRET (x.ts:1:1)'));
    expect(told).toMatch(/^TypeError at .*describe-fault\.test\.ts/);
    expect(told).not.toContain('SECRET');
  });

  test.each<[string, unknown, string]>([
    ['an error without a stack', Object.assign(new RangeError('SECRET'), { stack: undefined }), 'RangeError'],
    ['a text', 'SECRET', 'a thrown string'],
    ['nothing', undefined, 'a thrown undefined'],
  ])('tells of %s what it is', (_name, error, expected) => {
    expect(describeFault(error)).toBe(expected);
  });
});

describe('describeStoreFault()', () => {
  test('tells what a store says, and of a record that is broken the place alone', () => {
    expect(describeStoreFault(new Error('KV GET failed: 500'))).toBe('KV GET failed: 500');
    expect(describeStoreFault(thrownBy(() => JSON.parse('SECRET')))).toMatch(/^SyntaxError at /);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
