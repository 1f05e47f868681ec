import { defineConfig } from 'vitest/config';

/** The tests that need no server, on few generated cases: a mutant has to be tried within a second. See docs/mutation.md. */
export default defineConfig({
  test: {
    include: [
      'test/reconcile/*.test.ts',
      'test/plan/{guards,policy,what-if}.test.ts',
      'test/plan/backup/restore-step.test.ts',
      'test/plan/trust/{sentinels,shrinkage}.test.ts',
      'test/profile-api/password.test.ts',
    ],
    env: { GENERATED_CASES: '30' },
    setupFiles: ['test/mutation/one-seed.ts'],
    // A trial runs many files and ends at the first failure: one worker for all of them.
    isolate: false,
    testTimeout: 60_000,
  },
});
