/** Starts the simulators of the Worker's tests, and stops them afterwards. */
import { startSimulator } from '../../../deploy/simulator/server.ts';
import { startSelfSigned } from './self-signed.ts';
import { SIMULATED } from './test-origins.ts';

const MODELS = ['sim-small', 'sim-large', 'sim-solo', 'sim-pair', 'sim-spare'];

export default async function setup(): Promise<() => Promise<void>> {
  const ports = (process.env['PERIGEE_TEST_PORTS'] ?? '').split(',').map(Number);
  const simulators = await Promise.all(
    SIMULATED.map((region, place) => startSimulator({ region, models: MODELS, port: ports[place] ?? 0 })),
  );
  const selfSigned = await startSelfSigned(ports[4] ?? 0);
  return async () => {
    await selfSigned.close();
    await Promise.all(simulators.map((simulator) => simulator.close()));
  };
}
