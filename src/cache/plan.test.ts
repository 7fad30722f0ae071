import { describe, expect, test } from 'vitest';
import { chatRequest, completionRequest } from '../../test/support/samples.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { planCache, type CachePlan } from './plan.ts';
import { splitQuestion } from './split-question.ts';

const TOOL_TURN = { messages: [{ role: 'tool', tool_call_id: 'c1', content: '21 °C' }] };
const IMAGE_ALONE = {
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }],
};

const ALL = {
  reads: true,
  writes: true,
  shares: true,
  usesMeaning: true,
  threshold: 0.9,
  jurisdiction: null,
  otherwise: 'MISS',
};
const EXACT = { ...ALL, usesMeaning: false };
const NOTHING = {
  reads: false,
  writes: false,
  shares: false,
  usesMeaning: false,
  threshold: 1,
  jurisdiction: null,
  otherwise: 'BYPASS',
};
const IN_EUROPE = { ...ALL, jurisdiction: 'eu' };

describe('planCache()', () => {
  test.each<[string, GenerationRequest, Omit<CachePlan, 'reason'> | object]>([
    ['a question', chatRequest(), ALL],
    ['a question of which one choice is asked', chatRequest({ n: 1 }), ALL],
    ['a text to continue', completionRequest(), ALL],
    ['a list of prompts, by its very text alone', completionRequest({ prompt: ['a', 'b'] }), EXACT],
    ['an image without text, by its very bytes alone', chatRequest(IMAGE_ALONE), EXACT],
    ['several choices, by the very question alone', chatRequest({ n: 2 }), EXACT],
    ["the client's own key, by that key alone", chatRequest({}, { controls: { cacheKey: 'k' } }), EXACT],
    [
      'a refresh, which writes and does not read',
      chatRequest({}, { controls: { cache: 'refresh' } }),
      { ...ALL, reads: false, shares: false, otherwise: 'REFRESH' },
    ],
    [
      'a client that wants no near hit, whose question others may still find',
      chatRequest({}, { controls: { similarity: 1 } }),
      { ...ALL, threshold: 1 },
    ],
    ['a bypass', chatRequest({}, { controls: { cache: 'bypass' } }), NOTHING],
    ['a tool turn', chatRequest(TOOL_TURN), NOTHING],
    ['a tool turn with leave', chatRequest(TOOL_TURN, { controls: { cachesToolTurns: true } }), EXACT],
    [
      'a tool turn with leave, refreshed',
      chatRequest(TOOL_TURN, { controls: { cachesToolTurns: true, cache: 'refresh' } }),
      { ...EXACT, reads: false, shares: false, otherwise: 'REFRESH' },
    ],
    ["the request's residency", chatRequest({}, { controls: { residency: 'eu' } }), IN_EUROPE],
    ["the tenant's residency", chatRequest({}, { tenant: { residency: 'eu' } }), IN_EUROPE],
    [
      'a refresh within a jurisdiction',
      chatRequest({}, { controls: { cache: 'refresh' }, tenant: { residency: 'eu' } }),
      { ...IN_EUROPE, reads: false, shares: false, otherwise: 'REFRESH' },
    ],
    ['a residency without a store', chatRequest({}, { controls: { residency: 'sg' } }), NOTHING],
    ['two residencies', chatRequest({}, { controls: { residency: 'us' }, tenant: { residency: 'eu' } }), NOTHING],
  ])('plans for %s', (_name, request, expected) => {
    expect(planCache(request, splitQuestion(request), { similarity: 0.9 })).toEqual({
      ...expected,
      reason: expect.any(String),
    });
  });

  test('compares nothing by meaning where the setting has none, whatever the client asks for', () => {
    const request = chatRequest();
    expect(planCache(request, splitQuestion(request), { similarity: 1 })).toMatchObject({ usesMeaning: false });
    const asking = chatRequest({}, { controls: { similarity: 0.8 } });
    expect(planCache(asking, splitQuestion(asking), { similarity: 1 })).toMatchObject({ usesMeaning: false });
    const stricter = chatRequest({}, { controls: { similarity: 1 } });
    expect(planCache(stricter, splitQuestion(stricter), { similarity: 0.9 })).toMatchObject({ ...ALL, threshold: 1 });
  });

  test('compares no stream by meaning whose body cannot be written anew for a check', () => {
    const body = { seed: 2 ** 60 };
    for (const stream of [true, false]) {
      const request = chatRequest({ ...body, stream });
      expect(planCache(request, splitQuestion(request), { similarity: 0.9 }).usesMeaning).toBe(!stream);
    }
  });
});
