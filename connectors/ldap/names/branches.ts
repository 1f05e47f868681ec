/** In which containers of the source somebody is: readings are compared branch by branch. */
import { normalDn, parentDn, rdnsOf } from './dn.ts';

/**
 * A function that tells the containers around an entry, the nearest first, up to the base and without it, in normal
 * form. People of one container share one list.
 */
export function branchFinder(baseDn: string): (dn: string) => readonly string[] {
  const base = normalDn(baseDn);
  const baseDepth = rdnsOf(baseDn)?.length ?? 0;
  const known = new Map<string, readonly string[]>();

  return (dn) => {
    const parent = parentDn(dn);
    if (parent === undefined) return [];
    const branches = known.get(parent) ?? containers(parent);
    known.set(parent, branches);
    return branches;
  };

  function containers(dn: string): readonly string[] {
    const rdns = rdnsOf(dn);
    if (rdns === undefined || rdns.slice(rdns.length - baseDepth).join(',') !== base) return [];
    return rdns.slice(0, rdns.length - baseDepth).map((_, depth) => rdns.slice(depth).join(','));
  }
}
