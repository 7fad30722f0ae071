import { describe, expect, test } from 'vitest';
import { resideIn } from './residency.ts';

describe('resideIn()', () => {
  test.each([
    [[null, null], { kind: 'anywhere' }],
    [['eu', null], { kind: 'within', jurisdiction: 'eu' }],
    [[null, 'us'], { kind: 'within', jurisdiction: 'us' }],
    [['eu', 'eu'], { kind: 'within', jurisdiction: 'eu' }],
    [['eu', 'us'], { kind: 'nowhere', reason: 'bound to eu and us, where no store can be created' }],
    [['sg', null], { kind: 'nowhere', reason: 'bound to sg, where no store can be created' }],
  ])('%j', (wishes, expected) => {
    expect(resideIn(wishes)).toEqual(expected);
  });
});
