import { describe, expect, test } from 'vitest';
import { createJourney } from '../../test/support/journey.ts';
import { chatRequest, sampleSettings } from '../../test/support/samples.ts';
import { preload, type PreloadRow } from './preload.ts';

const by = { ...chatRequest(), signal: new AbortController().signal };

function rowOf(question: string, answer: string, before: PreloadRow['body'][string][] = []): PreloadRow {
  return { body: { model: 'small', messages: [...before, { role: 'user', content: question }] }, answer };
}

describe('preload()', () => {
  test('stores some rows at once, and tells what came of each in their order', async () => {
    const { ports } = createJourney();
    const put = ports.answers.put.bind(ports.answers);
    let [under, most] = [0, 0];
    const six = Promise.withResolvers<void>();
    ports.answers.put = async (key, answer) => {
      most = Math.max(most, ++under);
      if (under === 6) {
        six.resolve();
      }
      await six.promise;
      await new Promise((resolve) => setTimeout(resolve, 1));
      under -= 1;
      return answer.question === 'question 3'
        ? { ok: false, problem: { kind: 'store', detail: 'full' } }
        : put(key, answer);
    };
    const rows = Array.from({ length: 20 }, (_, row) => rowOf(`question ${row}`, `answer ${row}`));
    const outcomes = await preload(rows, by, ports, sampleSettings());
    expect(outcomes).toEqual(rows.map((_, row) => (row === 3 ? 'full' : null)));
    expect([ports.answers.writes.length, most]).toEqual([19, 6]);
  });

  test('stores nothing more once the client has left', async () => {
    const { ports } = createJourney();
    const rows = [rowOf('question 1', 'a'), rowOf('question 2', 'b')];
    const left = { ...by, signal: AbortSignal.abort() };
    expect(await preload(rows, left, ports, sampleSettings())).toEqual(['the client left', 'the client left']);
    expect(ports.answers.writes).toEqual([]);
  });

  test('has a row found in other words, also where it is the only one of its conversation', async () => {
    const { ports, ask } = createJourney();
    const before = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello. What is it?' },
    ];
    await preload([rowOf('What is your address?', '1 Main Street', before)], by, ports, sampleSettings());
    const asked = chatRequest(
      { messages: [...before, { role: 'user', content: 'your address, what is it?' }] },
      { controls: { similarity: 0.5 } },
    );
    expect((await ask(asked)).outcome).toBe('SEMANTIC HIT');
  });

  test('stores a row for an alias where requests for what it chooses find it', async () => {
    const { ports, ask } = createJourney({ vars: { ALIASES: { fast: { model: 'small' } } } });
    const [row, unknown] = [rowOf('What is it?', 'A test'), rowOf('What else?', 'Another')];
    const rows = [{ ...row, body: { ...row.body, model: 'fast' } }, unknown];
    const key = { ...by, tenant: { ...by.tenant, models: ['fast'] } };
    const refused = 'This key may not use the model small.';
    expect(await preload(rows, key, ports, sampleSettings({ ALIASES: { fast: { model: 'small' } } }))).toEqual([
      null,
      refused,
    ]);
    for (const model of ['fast', 'small']) {
      const asked = await ask(chatRequest({ model, messages: [{ role: 'user', content: 'What is it?' }] }));
      expect([asked.outcome, asked.text]).toEqual(['HIT', expect.stringContaining('"model":"small"')]);
    }
  });
});
