/**
 * Three projects: `unit` runs the pure code in Node, `worker` runs the Worker in workerd against simulated origins,
 * `clients` calls a started gateway with SDKs that others wrote, and with a thousand streams at once.
 */
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { freePorts, testOrigins } from './test/support/node/test-origins.ts';

const ports = process.env['PERIGEE_TEST_PORTS']?.split(',').map(Number) ?? (await freePorts(5));
process.env['PERIGEE_TEST_PORTS'] = ports.join(',');

export default defineConfig({
  test: {
    // A trace a request would bury what failed.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'deploy/**/*.test.ts', 'models/**/*.test.ts', 'test/bench/**/*.test.ts'],
          environment: 'node',
          // Simulations take seconds of CPU, and a busy machine its time; nothing here is about time.
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ORIGINS: testOrigins(ports),
                ADMIN_TOKEN: 'admin-token-of-the-tests',
                // workerd itself cannot create objects in a jurisdiction.
                CACHE_JURISDICTION: 'eu',
                CACHE_KEYS: `tests:${btoa('k'.repeat(32))}`,
                US_EAST_KEY: 'key-of-us-east',
                ORIGIN_FIRST_BYTE_TIMEOUT_MS: 1500,
                ORIGIN_IDLE_TIMEOUT_MS: 700,
                ORIGIN_TOTAL_TIMEOUT_MS: 1500,
                ORIGIN_COOL_DOWN_MS: 1,
                ORIGIN_MAX_COOL_DOWN_MS: 1,
                ORIGIN_SLOW_START_MS: 1,
                LIMIT_BODY_BYTES: 2_000_000,
                LIMIT_EMBEDDING_INPUTS: 16,
                LIMIT_CLASSIFY_INPUTS: 16,
                // Tests that make models of their own share the isolate's heap, which never shrinks.
                MODEL_MEMORY_BYTES: 536_870_912,
              },
            },
          }),
        ],
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts', 'test/contract/**/*.test.ts'],
          globalSetup: ['./test/support/node/start-origins.ts'],
          // The simulators' faults are shared by all files.
          fileParallelism: false,
          // Bringing the Worker up takes seconds: once for all files. Tests keep apart by tenants and keys of their own.
          isolate: false,
          // The first request brings the whole Worker up through Vite, which a busy machine takes its time for.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 150_000,
        },
      },
    ],
  },
});
