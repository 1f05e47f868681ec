/** Narrows a run to the one person whom the operator named. */
import type { Anchor, Identity } from '../identity/index.ts';
import type { Reconciliation } from '../reconcile/index.ts';
import type { Link } from '../store/people/link.ts';
import { PlanError } from './plan-error.ts';

/**
 * @param who - by e-mail, login, anchor or profile id; null for everybody
 * @param links - of those who may be meant
 */
export function chooser(who: string | null, links: readonly Link[]) {
  const wanted = who?.toLowerCase();
  const names = (...candidates: readonly (string | undefined)[]): boolean =>
    candidates.some((candidate) => candidate?.toLowerCase() === wanted);
  const anchors = new Set<Anchor>();
  for (const link of links) if (names(link.email, link.anchor, link.profileId)) anchors.add(link.anchor);

  return {
    consider(identity: Identity): void {
      if (who === null) return;
      if (names(identity.email, identity.login, identity.anchor)) anchors.add(identity.anchor);
    },
    narrow(reconciliation: Reconciliation): Reconciliation {
      if (who === null) return reconciliation;
      if (anchors.size === 0)
        throw new PlanError(
          `Nobody in the source is called ${who}: no e-mail, login or id is the same. Nothing was planned.`,
        );
      const isMeant = ({ anchor }: { readonly anchor: Anchor | undefined }): boolean =>
        anchor !== undefined && anchors.has(anchor);
      return {
        ...reconciliation,
        operations: reconciliation.operations.filter(isMeant),
        findings: reconciliation.findings.filter(isMeant),
        resolved: reconciliation.resolved.filter(isMeant),
        newlyAbsent: reconciliation.newlyAbsent.filter((anchor) => anchors.has(anchor)),
        returned: reconciliation.returned.filter((anchor) => anchors.has(anchor)),
        newlyDeleted: reconciliation.newlyDeleted.filter((anchor) => anchors.has(anchor)),
        newlyLeft: reconciliation.newlyLeft.filter((anchor) => anchors.has(anchor)),
        there: reconciliation.there.filter((anchor) => anchors.has(anchor)),
        claims: reconciliation.claims.filter(isMeant),
        numbered: reconciliation.numbered.filter(isMeant),
        exemptions: reconciliation.exemptions.filter(isMeant),
        leaveDates: {
          set: reconciliation.leaveDates.set.filter(isMeant),
          dropped: reconciliation.leaveDates.dropped.filter((anchor) => anchors.has(anchor)),
        },
        unblockedByOthers: reconciliation.unblockedByOthers.filter((anchor) => anchors.has(anchor)),
      };
    },
  };
}
