/** Origins as tests need them: plain ones, of which a test changes what it is about. */
import { MODALITIES, type Origin, type OriginModel } from '../../src/contract/origin.ts';

export function sampleOrigin(id: string, changes: Partial<Origin> = {}): Origin {
  return {
    id,
    url: `https://${id}.example.com/v1`,
    protocol: 'openai',
    region: id,
    latitude: 0,
    longitude: 0,
    jurisdiction: 'eu',
    capacity: null,
    isDraining: false,
    models: [sampleModel('small')],
    watch: { healthUrl: `https://${id}.example.com/v1/models`, metrics: 'none', metricsUrl: null },
    apiKey: null,
    ...changes,
  };
}

export function sampleModel(id: string, changes: Partial<OriginModel> = {}): OriginModel {
  return {
    id,
    tier: null,
    contextTokens: null,
    modalities: MODALITIES,
    inputPrice: 1,
    outputPrice: 2,
    ...changes,
  };
}
