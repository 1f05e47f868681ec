/** Who was there in a whole reading, by branch and without names: what the next reading is measured against. Pure. */
import type { Anchor, Identity } from '../../identity/index.ts';
import type { Census, CensusBranch } from '../../store/people/census.ts';

export interface CensusTaker {
  see(identity: Pick<Identity, 'anchor' | 'branches'>): void;
  /** Somebody whose record is bad is there all the same. */
  seeSkipped(anchor: Anchor): void;
  close(): Census;
}

interface Branch {
  readonly path: readonly string[];
  readonly marks: number[];
}

const nowhere: readonly string[] = [];
const mostLists = 10_000;

export function censusTaker(): CensusTaker {
  const byPath = new Map<string, Branch>();
  /** Connectors give people of one branch the same list, as a rule: that is found without putting it together. */
  const byList = new Map<readonly string[], Branch>();
  const branchOf = (path: readonly string[]): Branch => {
    const key = path.join('\n');
    const branch = byPath.get(key) ?? { path, marks: [] };
    byPath.set(key, branch);
    return branch;
  };
  const count = (anchor: Anchor, path: readonly string[]): void => {
    let branch = byList.get(path);
    if (branch === undefined) {
      branch = branchOf(path);
      // Lists that are not shared would be as many as people.
      if (byList.size < mostLists) byList.set(path, branch);
    }
    branch.marks.push(markOf(anchor));
  };
  return {
    see: ({ anchor, branches = nowhere }) => count(anchor, branches),
    seeSkipped: (anchor) => count(anchor, nowhere),
    close: () => ({
      branches: [...byPath.values()].map(
        ({ path, marks }): CensusBranch => ({ path, marks: Uint32Array.from(marks) }),
      ),
    }),
  };
}

/**
 * 32 bits of an anchor (FNV-1a): enough to tell who is gone, in 4 bytes each. Of 100,000 people, two or three share
 * theirs with somebody, and one of those who is gone would be taken for there.
 */
function markOf(anchor: Anchor): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < anchor.length; index += 1) {
    hash ^= anchor.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
