import { expect, test } from 'vitest';
import type { Fault } from './faults.ts';
import { createFaultPlan, parseFaults } from './faults.ts';

function draw(faults: Fault[], count: number, seed = 1): string {
  const plan = createFaultPlan(seed);
  plan.set(faults);
  return Array.from({ length: count }, () => plan.draw().fault?.kind ?? '-').join(' ');
}

test('draw() spends a fault after `times` requests, then comes to the next', () => {
  const faults: Fault[] = [
    { kind: 'status', status: 503, times: 2 },
    { kind: 'cut', afterTokens: 1, times: 1 },
  ];
  expect(draw(faults, 5)).toBe('status status cut - -');
});

test('draw() fires with the probability asked for, the same for a seed', () => {
  const faults: Fault[] = [{ kind: 'garbage', probability: 0.25 }];
  const drawn = draw(faults, 1000);
  const fired = drawn.split(' ').filter((kind) => kind === 'garbage').length;
  expect(fired).toBeGreaterThan(200);
  expect(fired).toBeLessThan(300);
  expect(draw(faults, 1000)).toBe(drawn);
  expect(draw(faults, 1000, 2)).not.toBe(drawn);
});

test('draw() multiplies slowness beside the fault that breaks', () => {
  const plan = createFaultPlan(1);
  plan.set([{ kind: 'slow', factor: 2 }, { kind: 'garbage' }, { kind: 'slow', factor: 3 }, { kind: 'html' }]);
  expect(plan.draw()).toEqual({ fault: { kind: 'garbage' }, slowness: 6 });
});

test.each([
  [{}, 'faults: expected an array of faults, received {}'],
  [[7], 'faults[0]: expected an object, received 7'],
  [
    [{ kind: 'garbage' }, { kind: 'boom' }],
    'faults[1].kind: expected one of status, html, stall, cut, garbage, redirect, headers, huge, drip, slow',
  ],
  [[{ kind: 'toString' }], 'faults[0].kind: expected one of'],
  [[{ kind: 'status' }], 'faults[0].status: expected an integer from 400 to 599, received nothing'],
  [[{ kind: 'stall', afterTokens: -1 }], 'faults[0].afterTokens: expected an integer of at least 0, received -1'],
  [[{ kind: 'slow', factor: '2' }], 'faults[0].factor: expected a number of at least 0, received "2"'],
  [[{ kind: 'cut', afterTokens: 1, probability: 2 }], 'faults[0].probability: expected a number from 0 to 1'],
  [[{ kind: 'html', after: 1 }], 'faults[0].after: not a field of a fault of kind html'],
])('parseFaults() says what is wrong with %j', (value, message) => {
  const parsed = parseFaults(value, 'faults');
  expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(message) });
});

test('parseFaults() takes every kind', () => {
  const faults: Fault[] = [
    { kind: 'status', status: 429, retryAfterSeconds: 3, times: 1 },
    { kind: 'html' },
    { kind: 'html', status: 502 },
    { kind: 'stall', afterTokens: 0 },
    { kind: 'cut', afterTokens: 5, probability: 0.5 },
    { kind: 'garbage' },
    { kind: 'slow', factor: 1.5 },
  ];
  expect(parseFaults(faults, 'faults')).toEqual({ ok: true, faults });
});
