/** Tests against servers that are slow to start: run by commands of their own, such as `npm run test:389`. */
import { defineConfig } from 'vitest/config';
import everyDay from './vitest.config.ts';

export default defineConfig({
  ...everyDay,
  test: { ...everyDay.test, include: ['test/**/*.on-demand.ts'] },
});
