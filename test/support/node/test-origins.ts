/**
 * The origins that the Worker's tests are set up with: three simulators on ports of this machine, and one where nobody
 * listens. Ports are handed to the set-up that starts the simulators by environment, since it runs in another context.
 */
import { createServer, type AddressInfo } from 'node:net';

export type TestOrigin = {
  id: string;
  url: string;
  region: string;
  latitude: number;
  longitude: number;
  jurisdiction: string;
  protocol?: string;
  models: { id: string; tier?: string; input_price?: number; output_price?: number }[];
  api_key_secret?: string;
  health_url: string;
  metrics?: string;
};

export const SIMULATED = ['us-east', 'eu-west', 'ap-southeast'];

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** `ports`: three of simulators, one where nobody listens, and one whose certificate nobody signed. */
export function testOrigins([us = 0, eu = 0, ap = 0, nobody = 0, selfSigned = 0]: readonly number[]): TestOrigin[] {
  const models = [
    { id: 'sim-small', tier: 'small', input_price: 0.1, output_price: 0.4 },
    { id: 'sim-large', tier: 'large', input_price: 2.5, output_price: 10 },
  ];
  const places = {
    us: { region: 'us-east-1', latitude: 38.94, longitude: -77.45, jurisdiction: 'us' },
    eu: { region: 'eu-west-1', latitude: 53.43, longitude: -6.25, jurisdiction: 'eu' },
  };
  const at = (port: number): string => `http://127.0.0.1:${port}/v1`;
  // Off the paths that tests count.
  const healthOf = (port: number): string => `http://127.0.0.1:${port}/health`;
  return [
    {
      id: 'us-east',
      url: at(us),
      health_url: healthOf(us),
      metrics: 'vllm',
      region: 'us-east-1',
      latitude: 38.94,
      longitude: -77.45,
      jurisdiction: 'us',
      models: [...models, { id: 'sim-solo' }, { id: 'sim-pair' }],
      api_key_secret: 'US_EAST_KEY',
    },
    {
      id: 'eu-west',
      url: at(eu),
      health_url: healthOf(eu),
      region: 'eu-west-1',
      latitude: 53.43,
      longitude: -6.25,
      jurisdiction: 'eu',
      models: [...models, { id: 'sim-pair', output_price: 1000 }, { id: 'sim-spare' }],
    },
    {
      id: 'ap-southeast',
      url: at(ap),
      health_url: healthOf(ap),
      region: 'ap-southeast-1',
      latitude: 1.36,
      longitude: 103.99,
      jurisdiction: 'sg',
      models,
    },
    {
      id: 'gone',
      url: at(nobody),
      // Requests alone find out that it is gone.
      health_url: healthOf(us),
      region: 'nowhere',
      latitude: 38.94,
      longitude: -77.45,
      jurisdiction: 'us',
      models: [{ id: 'sim-gone' }, { id: 'sim-spare' }],
    },
    {
      id: 'dark',
      // Where no program without privileges can listen.
      url: at(1),
      health_url: healthOf(1),
      region: 'nowhere',
      latitude: 38.94,
      longitude: -77.45,
      jurisdiction: 'us',
      models: [{ id: 'sim-dark' }],
    },
    {
      ...places.us,
      id: 'tensors-us',
      url: `http://127.0.0.1:${us}/v2`,
      health_url: healthOf(us),
      protocol: 'kserve',
      models: [{ id: 'sim-add' }, { id: 'sim-absent' }],
      api_key_secret: 'US_EAST_KEY',
    },
    {
      ...places.eu,
      id: 'tensors-eu',
      url: `http://127.0.0.1:${eu}`,
      health_url: healthOf(eu),
      protocol: 'kserve',
      models: [{ id: 'sim-add' }],
    },
    {
      ...places.us,
      id: 'tensors-gone',
      url: `http://127.0.0.1:${nobody}`,
      health_url: healthOf(us),
      protocol: 'kserve',
      models: [{ id: 'sim-add-gone' }],
    },
    {
      ...places.us,
      id: 'self-signed',
      url: `https://127.0.0.1:${selfSigned}/v1`,
      health_url: healthOf(us),
      models: [{ id: 'sim-self-signed' }],
    },
  ];
}
