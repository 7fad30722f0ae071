/** What a Durable Object keeps, in memory: another keeper on the same is what an eviction leaves. */
import type { KeptText } from '../../src/bindings/kept-text.ts';

export interface FakeObject {
  kept: KeptText;
  alarm: Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm'>;
  /** When the alarm is set to, milliseconds since the epoch. */
  alarmAt(): number | null;
  /** The alarm goes off: it is set no more. */
  ring(): void;
}

export function createFakeObject(): FakeObject {
  let text: string | null = null;
  let at: number | null = null;
  return {
    kept: {
      load: () => text,
      save: (next) => {
        text = next;
      },
    },
    alarm: {
      getAlarm: () => Promise.resolve(at),
      setAlarm: (time) => {
        at = Number(time);
        return Promise.resolve();
      },
    },
    alarmAt: () => at,
    ring: () => {
      at = null;
    },
  };
}
