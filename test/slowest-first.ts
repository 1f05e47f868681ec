/** The order of test files: those with whole installations in them first, so that none of them is left for the end, when nothing else runs beside it. */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders and files whose tests take minutes. */
const slow = [
  'e2e/first-sync',
  'chaos/',
  'promises/05',
  'docs/walk/',
  'e2e/',
  'promises/',
  'execute/',
  'plan/delta/',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const place = relative(import.meta.dirname, moduleId);
  const rank = slow.findIndex((beginning) => place.startsWith(beginning));
  return rank === -1 ? slow.length : rank;
};

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
