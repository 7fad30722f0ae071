/** A gateway as a user would start it, with simulators as its origins, on free ports and with fresh state. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '../../../deploy/development-key.ts';
import { startGateway } from '../../../deploy/gateway-process.ts';
import { startSimulator, type Simulator } from '../../../deploy/simulator/server.ts';
import { freePorts, SIMULATED, testOrigins } from './test-origins.ts';

const ADMIN_TOKEN = 'admin-token-of-the-client-tests';
const MODELS = ['sim-small', 'sim-large', 'sim-solo', 'sim-spare'];

export interface ClientStack {
  url: string;
  key: string;
  simulators: readonly Simulator[];
  stop(): Promise<void>;
}

export async function startClientStack(): Promise<ClientStack> {
  const [port = 0, ...originPorts] = await freePorts(5);
  const stateFolder = mkdtempSync(join(tmpdir(), 'perigee-clients-'));
  const simulators = await Promise.all(
    SIMULATED.map((region, place) => startSimulator({ region, models: MODELS, port: originPorts[place] ?? 0 })),
  );
  const vars = {
    ORIGINS: JSON.stringify(testOrigins(originPorts)),
    US_EAST_KEY: 'key-of-us-east',
    ADMIN_TOKEN,
    ORIGIN_COOL_DOWN_MS: '1',
    ORIGIN_MAX_COOL_DOWN_MS: '1',
  };
  const gateway = await startGateway({ port, vars, stateFolder, isVerbose: false });
  return {
    url: gateway.url,
    key: await createKey(gateway.url, ADMIN_TOKEN, { name: 'client tests' }),
    simulators,
    stop: async () => {
      await gateway.stop();
      await Promise.all(simulators.map((simulator) => simulator.close()));
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}
