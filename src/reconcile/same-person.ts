/** Whether two identities are one person, and which of two sources has them. Pure. */
import type { SourceId } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Claim } from '../store/people/claim.ts';
import type { CorrelationRule, Holder } from './org.ts';

export interface SuccessionPolicy {
  readonly correlation: readonly CorrelationRule[];
  /** By what somebody whom one source loses is known again in another. */
  readonly handOver: 'employee-number' | 'correlation';
  /** The configured sources; whoever is in several of them is the first one's. */
  readonly sources: readonly SourceId[];
}

/** Somebody to whom a rule leads, and who may be the same person as a member without a profile. */
export interface Predecessor {
  readonly profileId: ProfileId;
  readonly holder: Holder;
  readonly rule: CorrelationRule;
}

/**
 * Whether two identities are one person. Within a source only the employee number says so: an address or a login is
 * given to somebody new every day.
 */
export function isSamePerson(
  member: Member,
  { holder, rule }: Predecessor,
  source: SourceId,
  { correlation, handOver }: SuccessionPolicy,
): boolean {
  const [own, other] = [member.employeeNumber, holder.employeeNumber];
  if (own !== undefined && other !== undefined)
    return own === other && (correlation.includes('employee-number') || isAmongSources());
  return rule !== 'employee-number' && isAmongSources();

  function isAmongSources(): boolean {
    return holder.source !== source && handOver === 'correlation';
  }
}

/** Whether they may be one person all the same: a rule leads from one to the other, and no numbers say that they are two. */
export const maybeSamePerson = (
  { employeeNumber }: Member,
  { holder }: Pick<Predecessor, 'holder'>,
  source: SourceId,
): boolean =>
  holder.source !== source &&
  (employeeNumber === undefined ||
    holder.employeeNumber === undefined ||
    employeeNumber === holder.employeeNumber);

/** Whether the source may take somebody from the other one, which says that they are there. One that is configured no more has nobody. */
export function goesBefore(source: SourceId, other: SourceId, { sources }: SuccessionPolicy): boolean {
  const place = (id: SourceId): number => (sources.includes(id) ? sources.indexOf(id) : sources.length);
  return place(source) < place(other);
}

/** How long a source's word that it has somebody too holds back what another one does to them. */
const freshForMs = 48 * 3_600_000;

export const isFresh = ({ at }: Pick<Claim, 'at'>, now: Date): boolean =>
  now.getTime() - at.getTime() <= freshForMs;
