import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import type { FillFollower, FillLead } from '../contract/fills.ts';
import { createFills } from './fills.ts';

const FACTS = {
  origin: 'near',
  usage: { promptTokens: 1, completionTokens: 2, source: 'origin', reported: null },
  isStorable: true,
} as const;
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const here = new AbortController().signal;

/** `work` of a request that died stands still: its sleeps never end. */
function createIsolate({ maxBytes = 1000 } = {}) {
  const clock = createFakeClock();
  const dead = new Set<string>();
  const fills = createFills({
    maxBytes,
    now: () => clock.now(),
    sleep: async () => {
      await nextTurn();
      if (dead.has('lead')) {
        dead.delete('lead');
        await new Promise(() => undefined);
      }
    },
  });
  const request = fills.forRequest((work) => void work);
  return {
    clock,
    fills,
    killLead: () => void dead.add('lead'),
    lead: (signal = here) => request.enter('k', signal) as FillLead,
    follow: (signal = here) => request.enter('k', signal) as FillFollower,
    enter: (key = 'k') => request.enter(key, here),
  };
}

/** A stream that gives what is pushed, and counts its reads. */
function createSource() {
  const pushed: string[] = [];
  const source = { reads: 0, cancelled: false, push: (...texts: string[]) => void pushed.push(...texts) };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        source.reads++;
        while (pushed.length === 0 && !source.cancelled) {
          await nextTurn();
        }
        const text = pushed.shift();
        if (text === 'END') {
          out.close();
        } else if (text === 'BREAK') {
          out.error(new Error('broken'));
        } else if (text !== undefined) {
          out.enqueue(new TextEncoder().encode(text));
        }
      },
      cancel: () => {
        source.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { ...source, source, stream };
}

async function textOf(follower: FillFollower): Promise<string> {
  const reply = await follower.reply();
  return reply?.ok === true ? new Response(reply.value.body).text() : expect.fail('expected a reply');
}

describe('createFills()', () => {
  test('lets the first one lead and the others follow, by key', () => {
    const { enter } = createIsolate();
    expect([enter().role, enter().role, enter('other').role]).toEqual(['lead', 'follower', 'lead']);
  });

  test('gives each follower the whole answer, also one that comes before it is stored', async () => {
    const { lead, follow, fills } = createIsolate();
    const first = lead();
    const early = follow();
    first.answer('{"a":1}', FACTS);
    for (const follower of [early, follow()]) {
      const reply = await follower.reply();
      expect(reply).toMatchObject({ ok: true, value: { body: '{"a":1}', origin: 'near' } });
      expect(reply?.ok === true && (await reply.value.usage)).toEqual(FACTS.usage);
    }
    first.close();
    expect(fills.count()).toBe(0);
  });

  test('fails each follower with the problem of the lead, and who comes then begins anew', async () => {
    const { lead, follow, enter } = createIsolate();
    const first = lead();
    const followers = [follow(), follow()];
    first.fail({ kind: 'origin-failed', message: 'm' });
    for (const follower of followers) {
      expect(await follower.reply()).toEqual({ ok: false, problem: { kind: 'origin-failed', message: 'm' } });
    }
    expect(enter().role).toBe('lead');
  });

  test('gives each the whole stream, whenever it joined, and the usage', async () => {
    const { lead, follow } = createIsolate();
    const first = lead();
    const { stream, push } = createSource();
    const own = new Response(first.share(stream.getReader(), 'near')).text();
    const early = follow().reply();
    push('a', 'b');
    await nextTurn();
    const late = textOf(follow());
    push('c', 'END');
    first.note(FACTS);
    const reply = await early;
    const value = reply?.ok === true ? reply.value : expect.fail();
    expect(await Promise.all([own, new Response(value.body).text(), late])).toEqual(['abc', 'abc', 'abc']);
    expect(await value.usage).toEqual(FACTS.usage);
  });

  test('reads nothing ahead of a lead that is alone, and as fast as it comes for others', async () => {
    const { lead, follow } = createIsolate();
    const { stream, push, source } = createSource();
    const reader = lead().share(stream.getReader(), 'near').getReader();
    push('a', 'b', 'c', 'END');
    await reader.read();
    await nextTurn();
    expect(source.reads).toBe(1);
    expect(await textOf(follow())).toBe('abc');
  });

  test('goes on for the others where the lead leaves, and ends with the last', async () => {
    const { lead, follow } = createIsolate();
    const caller = new AbortController();
    const first = lead(caller.signal);
    const { stream, push, source } = createSource();
    const reader = first.share(stream.getReader(), 'near').getReader();
    push('a');
    await reader.read();
    const follower = await follow().reply();
    const body = follower?.ok === true ? follower.value.body : expect.fail();
    const others = (body as ReadableStream<Uint8Array>).getReader();
    await others.read();
    caller.abort();
    await reader.cancel();
    push('b');
    expect(new TextDecoder().decode((await others.read()).value)).toBe('b');
    expect([first.signal.aborted, source.cancelled]).toEqual([false, false]);
    await others.cancel();
    for (let turns = 0; turns < 5; turns++) {
      await nextTurn();
    }
    expect([first.signal.aborted, source.cancelled]).toEqual([true, true]);
  });

  test('ends the call at once where a lead leaves alone', () => {
    const { lead, enter } = createIsolate();
    const caller = new AbortController();
    const first = lead(caller.signal);
    caller.abort();
    expect([first.signal.aborted, enter().role]).toEqual([true, 'lead']);
  });

  test('a follower that leaves while it waits is told so', async () => {
    const { lead, follow } = createIsolate();
    lead();
    const caller = new AbortController();
    const reply = follow(caller.signal).reply();
    caller.abort();
    expect(await reply).toEqual({ ok: false, problem: { kind: 'cancelled' } });
  });

  test('a follower of a lead that died is told to begin anew', async () => {
    const { lead, follow, killLead, enter } = createIsolate();
    lead();
    const follower = follow();
    killLead();
    expect(await follower.reply()).toBeNull();
    expect(enter().role).toBe('lead');
  });

  test('ends a follower’s stream with an error event where the lead dies under way', async () => {
    const { lead, follow, killLead } = createIsolate();
    const { stream, push } = createSource();
    const reader = lead().share(stream.getReader(), 'near').getReader();
    push('a');
    await reader.read();
    const follower = follow();
    killLead();
    expect(await textOf(follower)).toMatch(/^adata: \{"error":.*\}\n\n$/);
  });

  test('cuts off who is further behind than may be kept, and lets nobody join then', async () => {
    const { lead, follow, enter } = createIsolate({ maxBytes: 3 });
    const { stream, push } = createSource();
    const own = new Response(lead().share(stream.getReader(), 'near')).text();
    const reply = await follow().reply();
    const body = reply?.ok === true ? reply.value.body : expect.fail();
    push('aa', 'bb', 'cc', 'END');
    expect(await own).toBe('aabbcc');
    expect(enter().role).toBe('lead');
    expect(await new Response(body).text()).toContain('"error"');
  });

  test('lets nobody join what has ended and will not be stored', () => {
    const { lead, enter } = createIsolate();
    lead().answer('{}', { ...FACTS, isStorable: false });
    expect(enter().role).toBe('lead');
  });

  test('lets nobody join what ended long ago and was never closed', () => {
    const { lead, enter, clock } = createIsolate();
    lead().answer('{}', FACTS);
    clock.advance(5001);
    expect(enter().role).toBe('lead');
  });
});
