/** `npm run test:browser`: what needs a Chromium, and so is no part of `npm test`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    environment: 'node',
    // A software adapter takes seconds for what a GPU does in milliseconds.
    testTimeout: 30_000,
    hookTimeout: 300_000,
  },
});
