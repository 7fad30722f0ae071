/**
 * Three projects: `unit` runs the pure code in Node, `worker` runs the Worker in workerd, `clients` calls a started
 * gateway with SDKs that others wrote.
 */
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { testOrigins } from './test/support/node/test-origins.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['src/**/*.test.ts', 'deploy/**/*.test.ts'], environment: 'node' },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { ORIGINS: testOrigins, ADMIN_TOKEN: 'test-admin-token' } },
          }),
        ],
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts', 'test/contract/**/*.test.ts'],
          globalSetup: ['./test/support/node/start-origins.ts'],
        },
      },
      {
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['./test/support/node/start-gateway.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
