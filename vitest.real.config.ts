/** `npm run test:real`: what others made, models and model servers (docs/testing.md). Nothing is skipped. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'real',
    include: ['test/real/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
