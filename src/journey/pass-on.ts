/**
 * Passes an origin's answer on to the client, and after it has left counts its tokens and stores it. A stream is stored
 * only when it came to its proper end; the client sees each event as it comes.
 */
import type { Answer } from '../contract/answer.ts';
import type { FillLead } from '../contract/fills.ts';
import type { Ports } from '../contract/ports.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder, Trace } from '../contract/trace.ts';
import type { Usage } from '../contract/usage.ts';
import { estimateTokens } from '../origin/estimate-tokens.ts';
import type { RelayEnd } from '../origin/relay.ts';
import { toStream } from '../origin/to-stream.ts';
import type { Forwarded } from './forward.ts';
import { learn } from './learn.ts';
import { toEntryId, type Found, type LookUp } from './look-up.ts';
import { estimateUsage, meterGenerated } from './meter.ts';
import { remember, whyRefused, type Generated } from './remember.ts';

export async function passOn(
  forwarded: Forwarded,
  asked: LookUp,
  found: Found,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
  lead: FillLead | null,
): Promise<Answer> {
  const { origin } = forwarded;
  const stored = Promise.withResolvers<null>();
  const store: Store = (answered) => {
    lead?.note({ usage: answered.usage, isStorable: whyRefused(asked, answered, settings) === null });
    const generated = { ...answered, origin: origin.id };
    const onStored = (): void => {
      stored.resolve(null);
      lead?.close();
    };
    const tell = (): Promise<number | null> =>
      learn(asked, found, { tier: 'miss', content: answered.content }, ports, recorder);
    return remember(asked, found, { generated, learn: tell, onStored }, ports, settings);
  };
  const finish = once(async () => {
    try {
      return forwarded.format === 'json'
        ? await endWhole(forwarded, asked, store)
        : await endStream(forwarded, asked, store);
    } finally {
      stored.resolve(null);
      lead?.close();
    }
  });
  recorder.endsWith(finish);
  const body = toBody(forwarded, asked, lead, settings);
  return {
    format: forwarded.format,
    body:
      asked.policy.write === 'write-through'
        ? await afterStoring(body, () => Promise.race([finish().then(() => null), stored.promise]))
        : body,
    cache: {
      status: asked.plan.otherwise,
      ageSeconds: null,
      similarity: null,
      entry: asked.plan.writes ? toEntryId(asked.key) : null,
    },
    origin: origin.id,
    model: asked.request.model,
  };
}

/** A whole answer waits until it is stored, a stream's end does; what is learnt from it waits for neither. What fails in storing fails no answer. */
async function afterStoring(body: Answer['body'], storing: () => Promise<unknown>): Promise<Answer['body']> {
  if (typeof body === 'string') {
    await storing().catch(() => undefined);
    return body;
  }
  const reader = body.getReader();
  return toStream({
    read: async () => {
      const part = await reader.read();
      if (part.done) {
        await storing().catch(() => undefined);
      }
      return part;
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | null = null;
  return () => (begun ??= work());
}

/** What goes to the client, and to those who follow. */
function toBody(forwarded: Forwarded, asked: LookUp, lead: FillLead | null, settings: Settings): Answer['body'] {
  const { id: origin } = forwarded.origin;
  if (forwarded.format === 'event-stream') {
    const { reader } = forwarded.relay;
    return lead === null ? toStream(reader) : lead.share(reader, origin);
  }
  const { text } = forwarded;
  lead?.answer(text, {
    origin,
    usage: forwarded.usage ?? estimateUsage(asked.request, estimateTokens(text)),
    isStorable: whyRefused(asked, { content: { format: 'json', body: text } }, settings) === null,
  });
  return text;
}

type Store = (answered: Omit<Generated, 'origin'> & { usage: Usage }) => Promise<string>;

async function endWhole(
  { text, usage, origin }: Extract<Forwarded, { format: 'json' }>,
  { request }: LookUp,
  store: Store,
): Promise<Partial<Trace>> {
  const counted = usage ?? estimateUsage(request, estimateTokens(text));
  return {
    ...meterGenerated(counted, request.model, origin),
    store: await store({ content: { format: 'json', body: text }, usage: counted }),
  };
}

async function endStream(
  { relay, origin }: Extract<Forwarded, { format: 'event-stream' }>,
  { request }: LookUp,
  store: Store,
): Promise<Partial<Trace>> {
  const end = await relay.ended;
  const counted = end.usage ?? estimateUsage(request, end.tokens);
  const metered = meterGenerated(counted, request.model, origin);
  if (end.kind !== 'complete') {
    return { ...metered, ended: end.kind, store: `not stored: ${whyUnstored(end)}` };
  }
  if (end.events === null) {
    return { ...metered, store: 'not stored: too large' };
  }
  return { ...metered, store: await store({ content: { format: 'events', events: end.events }, usage: counted }) };
}

function whyUnstored(end: Exclude<RelayEnd, { kind: 'complete' }>): string {
  return end.kind === 'cancelled' ? 'the client left' : end.detail;
}
