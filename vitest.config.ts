import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/slowest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Whole installations in processes of their own: half a minute on two quiet processors, minutes beside other work.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // One more than processors: tests wait for servers and timers half of the time.
    maxWorkers: 3,
    maxConcurrency: 2,
    sequence: { sequencer: SlowestFirst },
    coverage: {
      include: ['src/**/*.ts', 'connectors/**/*.ts', 'config/**/*.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'reports/coverage',
    },
  },
});
