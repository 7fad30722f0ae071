import { expect, test } from 'vitest';
import { toOptions } from './arguments.ts';

test('toOptions() reads every flag', () => {
  const line =
    '--region us-east --port 9101 --models a,b --seed 2 --network-delay 40 --ttft 200 --prefill-per-token 0.1 ' +
    '--per-token 20 --jitter 0.2 --max-concurrent 8 --max-queued 16 --prefix-cache-tokens 4096 --output-tokens 64 ' +
    '--api-key secret --stamp-tokens --faults [{"kind":"garbage","times":1}]';
  expect(toOptions(line.split(' '))).toEqual({
    region: 'us-east',
    port: 9101,
    models: ['a', 'b'],
    seed: 2,
    networkDelayMs: 40,
    ttftMs: 200,
    prefillMsPerToken: 0.1,
    msPerToken: 20,
    jitter: 0.2,
    maxConcurrent: 8,
    maxQueued: 16,
    prefixCacheTokens: 4096,
    defaultOutputTokens: 64,
    apiKey: 'secret',
    stampsTokens: true,
    faults: [{ kind: 'garbage', times: 1 }],
  });
});

test('toOptions() leaves what is not asked for to the defaults', () => {
  expect(toOptions(['--region', 'us-east'])).toEqual({ region: 'us-east' });
});

test.each([
  [['--ttft', 'soon'], '--ttft: expected a number, received soon'],
  [['--faults', '{}'], '--faults: expected an array of faults, received {}'],
  [['--speed', '9'], "Unknown option '--speed'"],
])('toOptions() throws on %j', (args, message) => {
  expect(() => toOptions(args)).toThrow(message);
});
