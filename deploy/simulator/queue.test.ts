import { expect, test } from 'vitest';
import type { Slot } from './queue.ts';
import { createQueue } from './queue.ts';

function enter(queue: ReturnType<typeof createQueue>): Slot {
  const slot = queue.enter('m');
  if (slot === null) {
    throw new Error('the queue is full');
  }
  return slot;
}

test('enter() runs up to maxConcurrent, queues up to maxQueued, then refuses', () => {
  const queue = createQueue({ maxConcurrent: 2, maxQueued: 1 });
  const slots = [enter(queue), enter(queue), enter(queue)];
  expect(slots.map(({ started }) => started === undefined)).toEqual([true, true, false]);
  expect(queue.enter('m')).toBeNull();
  expect([queue.running.size, queue.waiting.size, queue.maxRunning]).toEqual([2, 1, 2]);
});

test('leave() starts the slot that waited longest', async () => {
  const queue = createQueue({ maxConcurrent: 1, maxQueued: 2 });
  const [first, second, third] = [enter(queue), enter(queue), enter(queue)];
  first.leave();
  await second.started;
  expect([queue.running.has(second), queue.running.has(third)]).toEqual([true, false]);
});

test('leave() of a waiting slot makes room in the queue and settles it', async () => {
  const queue = createQueue({ maxConcurrent: 1, maxQueued: 1 });
  enter(queue);
  const waiting = enter(queue);
  waiting.leave();
  await waiting.started;
  expect([queue.running.size, queue.waiting.size]).toEqual([1, 0]);
  expect(queue.enter('m')).not.toBeNull();
});

test('leave() twice frees one place', () => {
  const queue = createQueue({ maxConcurrent: 1, maxQueued: 5 });
  const first = enter(queue);
  enter(queue);
  enter(queue);
  first.leave();
  first.leave();
  expect([queue.running.size, queue.waiting.size]).toEqual([1, 1]);
});
