/** What goes back to a backup for one person, and what doesn't. Pure. */
import type { AttributeValue, Profile } from '../../profile-api/index.ts';
import { readOnlyAttributes } from '../../profile-api/profile.ts';
import { isSameValue, type ProposedOperation } from '../../reconcile/index.ts';
import type { Link } from '../../store/people/link.ts';
import type { NamedFinding } from '../../store/runs/runs.ts';
import type { SavedProfile } from './file.ts';

export type RestoreStep =
  | {
      readonly kind: 'operate';
      readonly operation: ProposedOperation;
      readonly findings: readonly NamedFinding[];
    }
  | { readonly kind: 'none'; readonly findings: readonly NamedFinding[] };

export interface RestoreRules {
  /** The backup's name, for the reasons. */
  readonly name: string;
  /** The key's own account, and whom the configuration protects. */
  readonly isProtected: boolean;
  /** Whether an operator said that they are to be left alone. */
  readonly isIgnored: boolean;
}

/** Attributes that the API takes no change of, but whose difference somebody would want to know. */
const toldReadOnly = ['name', 'actual_username'];

/** @param current - as the org lists them now; undefined where it does not */
export function restoreStep(
  link: Link,
  { profile: saved, isText }: SavedProfile,
  current: Profile | undefined,
  { name, isProtected, isIgnored }: RestoreRules,
): RestoreStep {
  const { anchor, label } = link;
  const email = current?.email ?? saved.email;
  const left = (reason: string): NamedFinding => ({ kind: 'left', anchor, label, email, reason });
  const none = (...reasons: readonly string[]): RestoreStep => ({
    kind: 'none',
    findings: reasons.map(left),
  });
  if (current === undefined)
    return none('Their profile is not in the org any more; a deleted one can not be brought back.');

  const stuck = toldReadOnly.filter((attribute) => differs(attribute, saved, current));
  const lost =
    stuck.length === 0
      ? []
      : [`The backup has another ${stuck.join(' and ')}, of which the API takes no change.`];
  const { before, after } = changes(saved, current, isText);
  const switches = saved.isActive !== current.isActive;
  if (!switches && Object.keys(after).length === 0) return none(...lost);
  if (isIgnored) return none('They are to be left alone, by the word of an operator.');
  if (isProtected) return none('Theirs is a protected account, which is never changed from a backup.');
  if (!switches && !current.isActive)
    return none(...lost, 'They are inactive, then and now: the rest of their profile is not changed.');
  if (saved.isActive && !current.isActive && !link.deactivatedByUs)
    return none(...lost, 'They were blocked since, but not by Rollcall; whoever did it has to unblock them.');

  const kind = !switches ? 'edit' : saved.isActive ? 'reactivate' : 'deactivate';
  const state = switches
    ? { before: { is_active: current.isActive }, after: { is_active: saved.isActive } }
    : {};
  const operation: ProposedOperation = {
    kind,
    anchor,
    profileId: current.profileId,
    email,
    label,
    reason: `So it is in the backup ${name}. Where the source still says otherwise, the next run changes it again.`,
    before: { ...state.before, ...before },
    after: { ...state.after, ...after },
    // What was last applied stays what the source said; going back to a backup is not the word of the source.
    desired: link.applied,
  };
  return { kind: 'operate', operation, findings: lost.map(left) };
}

/** What both show, may be changed, and differs. */
function changes(saved: Profile, current: Profile, isText: boolean) {
  const before: Record<string, AttributeValue> = {};
  const after: Record<string, AttributeValue> = {};
  for (const [attribute, then] of Object.entries(saved.attributes)) {
    if (readOnlyAttributes.has(attribute) || attribute === 'is_active') continue;
    if (!Object.hasOwn(current.attributes, attribute)) continue;
    const now = current.attributes[attribute] ?? null;
    const wanted = isText && typeof then === 'string' ? typedAs(now, then) : then;
    if (wanted === undefined || isEmpty(wanted, now) || isSameValue(attribute, wanted, now)) continue;
    before[attribute] = now;
    after[attribute] = wanted;
  }
  return { before, after };
}

function differs(attribute: string, saved: Profile, current: Profile): boolean {
  const then = saved.attributes[attribute];
  const now = current.attributes[attribute];
  return then !== undefined && now !== undefined && !isEmpty(then, now) && !isSameValue(attribute, then, now);
}

/** Null and empty text look the same in a CSV file, and mean the same. */
const isEmpty = (one: AttributeValue, other: AttributeValue): boolean =>
  (one === null || one === '') && (other === null || other === '');

/** A cell as a value of the kind that the org shows there now; undefined where it can't be one. */
function typedAs(now: AttributeValue, cell: string): AttributeValue | undefined {
  if (typeof now === 'string' || now === null) return cell;
  if (typeof now === 'boolean') return { true: true, false: false }[cell.toLowerCase()];
  if (typeof now === 'number') return cell === '' || Number.isNaN(Number(cell)) ? undefined : Number(cell);
  try {
    const value = JSON.parse(cell) as AttributeValue;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
