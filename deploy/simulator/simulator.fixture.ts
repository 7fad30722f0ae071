/** Simulators that a test starts and that stop after it, and how to ask them something. */
import { afterEach } from 'vitest';
import type { Simulator, SimulatorOptions } from './server.ts';
import { startSimulator } from './server.ts';

const started: Simulator[] = [];

export const question = { model: 'sim-small', messages: [{ role: 'user', content: 'What is the capital of France?' }] };

export async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ region: 'us-east', ...options });
  started.push(simulator);
  return simulator;
}

export function stopAfterEach(): void {
  afterEach(async () => {
    await Promise.all(started.splice(0).map((simulator) => simulator.close()));
  });
}

export function post(
  simulator: Simulator,
  body: unknown,
  init: RequestInit & { path?: string } = {},
): Promise<Response> {
  const { path = '/v1/chat/completions', ...rest } = init;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${simulator.url}${path}`, { method: 'POST', body: text, ...rest });
}
