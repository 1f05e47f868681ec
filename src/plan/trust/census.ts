/** Who was there in a whole reading, by branch and without names: what the next reading is measured against. Pure. */
import type { Anchor, Identity } from '../../identity/index.ts';
import type { Census, CensusBranch } from '../../store/census.ts';

export interface CensusTaker {
  see(identity: Pick<Identity, 'anchor' | 'branches'>): void;
  /** Somebody whose record is bad is there all the same. */
  seeSkipped(anchor: Anchor): void;
  close(): Census;
}

export function censusTaker(): CensusTaker {
  const byPath = new Map<string, { readonly path: readonly string[]; readonly marks: number[] }>();
  const count = (anchor: Anchor, path: readonly string[]): void => {
    const key = path.join('\n');
    const branch = byPath.get(key);
    if (branch === undefined) byPath.set(key, { path, marks: [markOf(anchor)] });
    else branch.marks.push(markOf(anchor));
  };
  return {
    see: ({ anchor, branches = [] }) => count(anchor, branches),
    seeSkipped: (anchor) => count(anchor, []),
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
