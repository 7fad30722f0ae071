import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import type { Origin } from '../contract/origin.ts';
import { choose, type Choice } from './choose.ts';

const VIRGINIA = origin('us-east', 38.94, -77.45, 'us');
const DUBLIN = origin('eu-west', 53.43, -6.25, 'EU');
const FRANKFURT = origin('eu-central', 50.03, 8.57, 'eu');
const SINGAPORE = origin('ap-southeast', 1.36, 103.99, 'sg');
const ALL = [VIRGINIA, DUBLIN, FRANKFURT, SINGAPORE];

const PARIS = { latitude: 48.86, longitude: 2.35 };
const SYDNEY = { latitude: -33.87, longitude: 151.21 };
const NEW_YORK = { latitude: 40.71, longitude: -74.01 };
const UNKNOWN = { latitude: null, longitude: null };

describe('choose()', () => {
  test.each([
    ['from Paris by distance', { place: PARIS }, ['eu-central', 'eu-west', 'us-east', 'ap-southeast']],
    ['from Sydney by distance', { place: SYDNEY }, ['ap-southeast', 'us-east', 'eu-central', 'eu-west']],
    ['from New York by distance', { place: NEW_YORK }, ['us-east', 'eu-west', 'eu-central', 'ap-southeast']],
    ['from an unknown place in the order of the catalogue', {}, ['us-east', 'eu-west', 'eu-central', 'ap-southeast']],
    [
      'from a place half known in that order too',
      { place: { latitude: 1, longitude: null } },
      ['us-east', 'eu-west', 'eu-central', 'ap-southeast'],
    ],
    [
      'within a residency, whatever its case',
      { residencies: ['Eu', null], place: NEW_YORK },
      ['eu-west', 'eu-central'],
    ],
    ['within two equal residencies', { residencies: ['eu', 'EU'], place: PARIS }, ['eu-central', 'eu-west']],
    [
      'with avoided ones last',
      { place: PARIS, avoided: ['eu-central'] },
      ['eu-west', 'us-east', 'ap-southeast', 'eu-central'],
    ],
    [
      'by distance where all are avoided',
      { residencies: ['eu'], place: PARIS, avoided: ['eu-central', 'eu-west'] },
      ['eu-central', 'eu-west'],
    ],
    ['without those that lack the model', { model: 'large' }, ['ap-southeast']],
  ])('orders %s', (_name, given, expected) => {
    expect(ids(choose(toChoice(given)))).toEqual(expected);
  });

  test('an origin is tried again from the millisecond at which its cool-down ends', () => {
    const choice = { ...toChoice({ place: PARIS }), avoidedUntil: (id: string) => (id === 'eu-central' ? 1_000 : 0) };
    expect(ids(choose({ ...choice, now: 999 }))[0]).toBe('eu-west');
    expect(ids(choose({ ...choice, now: 1_000 }))[0]).toBe('eu-central');
  });

  test('an unknown model is not found', () => {
    expect(choose(toChoice({ model: 'gpt-9' }))).toEqual({
      ok: false,
      problem: { kind: 'model-not-found', model: 'gpt-9' },
    });
  });

  test('tells why each origin was dropped where none is left', () => {
    expect(choose(toChoice({ model: 'large', residencies: ['eu'] }))).toEqual({
      ok: false,
      problem: {
        kind: 'no-origin',
        model: 'large',
        dropped: [
          { origin: 'us-east', reasons: ['does not serve the model'] },
          { origin: 'eu-west', reasons: ['does not serve the model'] },
          { origin: 'eu-central', reasons: ['does not serve the model'] },
          { origin: 'ap-southeast', reasons: ['lies in jurisdiction sg, not eu'] },
        ],
      },
    });
  });

  test('asks no origin that is drained or speaks another protocol', () => {
    const origins = [{ ...VIRGINIA, isDraining: true }, DUBLIN, { ...FRANKFURT, protocol: 'kserve' as const }];
    expect(ids(choose(toChoice({ origins, place: PARIS })))).toEqual(['eu-west']);
  });

  test('no origin lies in two jurisdictions', () => {
    expect(choose(toChoice({ residencies: ['eu', 'us'] }))).toMatchObject({ problem: { kind: 'no-origin' } });
  });

  test('never breaks residency, and chooses each lawful origin once', () => {
    const jurisdiction = fc.constantFrom('eu', 'EU', 'us', 'sg');
    const origins = fc
      .array(
        fc.record({
          latitude: degrees(90),
          longitude: degrees(180),
          jurisdiction,
          serves: fc.boolean(),
          avoided: fc.boolean(),
        }),
      )
      .map((drafts) =>
        drafts.map((draft, index) => ({
          ...VIRGINIA,
          ...draft,
          id: String(index),
          models: draft.serves ? VIRGINIA.models : [],
        })),
      );
    const place = fc.oneof(fc.constant(UNKNOWN), fc.record({ latitude: degrees(90), longitude: degrees(180) }));
    fc.assert(
      fc.property(origins, fc.array(fc.option(jurisdiction), { maxLength: 2 }), place, (given, residencies, from) => {
        const avoidedUntil = (id: string) => (given[Number(id)]?.avoided === true ? 1 : 0);
        const result = choose({ origins: given, model: 'small', residencies, place: from, avoidedUntil, now: 0 });
        const lawful = given.filter(
          ({ serves, jurisdiction: law }) =>
            serves && residencies.every((bound) => bound === null || bound.toLowerCase() === law.toLowerCase()),
        );
        expect(ids(result).toSorted()).toEqual(lawful.map(({ id }) => id).toSorted());
      }),
    );
  });
});

function degrees(max: number) {
  return fc.double({ min: -max, max, noNaN: true });
}

function toChoice({ avoided = [], ...given }: Partial<Choice> & { avoided?: readonly string[] }): Choice {
  const avoidedUntil = (id: string) => (avoided.includes(id) ? 1 : 0);
  return { origins: ALL, model: 'small', residencies: [], place: UNKNOWN, avoidedUntil, now: 0, ...given };
}

function origin(id: string, latitude: number, longitude: number, jurisdiction: string): Origin {
  const models = id === 'ap-southeast' ? ['small', 'large'] : ['small'];
  return sampleOrigin(id, { latitude, longitude, jurisdiction, models: models.map((model) => sampleModel(model)) });
}

function ids(result: ReturnType<typeof choose>): string[] {
  return result.ok ? result.value.map(({ id }) => id) : [];
}
