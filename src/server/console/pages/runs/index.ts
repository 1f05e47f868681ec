/** Plans and runs: what happened, what would, and a person's word on it. */
import type { Console } from '../../routes.ts';
import { mountActsOnRuns } from './acts.ts';
import { mountRunList } from './list.ts';
import { mountRun } from './run.ts';

export function mountRuns(site: Console): void {
  mountRunList(site);
  mountRun(site);
  mountActsOnRuns(site);
}
