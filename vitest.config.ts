import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        // Needs nothing but the sources: part of `npm run check`.
        test: {
          name: 'unit',
          include: ['{src,scripts,bench}/**/*.test.ts'],
          exclude: ['**/*.guest.test.ts'],
        },
      },
      {
        // Runs the real interpreter in Node workers.
        test: {
          name: 'guest',
          include: ['{src,examples,bench}/**/*.guest.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Two cores, and each test file starts interpreters of its own.
          maxWorkers: 2,
        },
      },
    ],
  },
});
