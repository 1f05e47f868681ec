/** Attributes of which another source than the one that has somebody may have the first say. Pure. */
import type { SourceId } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { AttributeValue, ProfileAttributes } from '../profile-api/profile.ts';
import type { Offer } from '../store/people/claim.ts';
import type { Decision } from './decision.ts';
import { ownValue } from './differences.ts';

/** By profile attribute: whose value counts, the first one's that has any. Whoever has the person comes last, if not named. */
export type Precedence = ReadonlyMap<string, readonly SourceId[]>;

/** Which source another one's value came from, by attribute. */
export type GivenBy = ReadonlyMap<string, SourceId>;

const isValue = (value: AttributeValue | undefined): value is AttributeValue =>
  value !== undefined && value !== null && value !== '';

/** What a source can give to somebody whom another one has. */
export const offered = (
  desired: ProfileAttributes,
  source: SourceId,
  precedence: Precedence,
): ProfileAttributes =>
  Object.fromEntries(
    [...precedence].flatMap(([attribute, order]) => {
      const value = ownValue(desired, attribute);
      return order.includes(source) && isValue(value) ? [[attribute, value]] : [];
    }),
  );

/** Of what a source can give, that for which it goes before the other one. */
export const givenFirst = (
  offer: ProfileAttributes,
  source: SourceId,
  holder: SourceId,
  precedence: Precedence,
): readonly string[] =>
  Object.keys(offer).filter((attribute) => {
    const order = precedence.get(attribute) ?? [];
    return !order.includes(holder) || order.indexOf(source) < order.indexOf(holder);
  });

/**
 * The person with the values that go before their own source's.
 *
 * @param source - the one that has them
 * @param offers - what other sources tell of them
 */
export function withOffers(
  member: Member,
  source: SourceId,
  offers: readonly Offer[],
  precedence: Precedence,
): { readonly member: Member; readonly givenBy: GivenBy } {
  const desired: Record<string, AttributeValue> = { ...member.desired };
  const givenBy = new Map<string, SourceId>();
  for (const [attribute, order] of precedence) {
    const told = (from: SourceId): AttributeValue | undefined =>
      from === source
        ? ownValue(member.desired, attribute)
        : ownValue(offers.find((offer) => offer.source === from)?.attributes ?? {}, attribute);
    const first = order.find((from) => isValue(told(from)));
    const value = first === undefined ? undefined : told(first);
    if (first === undefined || first === source || value === undefined) continue;
    desired[attribute] = value;
    givenBy.set(attribute, first);
  }
  return givenBy.size === 0 ? { member, givenBy } : { member: { ...member, desired }, givenBy };
}

/** The decision, with whose values it sets where they are another source's. */
export function tellingWhose(decision: Decision, givenBy: GivenBy | undefined): Decision {
  if (givenBy === undefined || decision.kind !== 'operate') return decision;
  const { operation } = decision;
  const bySource = Map.groupBy(
    Object.keys(operation.after).filter((attribute) => givenBy.has(attribute)),
    (attribute) => givenBy.get(attribute),
  );
  const sentences = [...bySource].map(
    ([source, attributes]) => ` Source ${source} goes first for ${attributes.join(', ')} (precedence).`,
  );
  if (sentences.length === 0) return decision;
  return { kind: 'operate', operation: { ...operation, reason: operation.reason + sentences.join('') } };
}
