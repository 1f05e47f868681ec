/** What must change in a profile, attribute by attribute. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { LesserAuthority } from '../identity/rules.ts';
import {
  type AttributeValue,
  type Profile,
  type ProfileAttributes,
  readOnlyAttributes,
} from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';

/** What an edit changes from what to what. */
export interface Changes {
  /** The attributes concerned as they are; a key is absent where nobody can know. */
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
}

/** How one attribute stands: what the mapping wants against what is known of the profile. */
export type Comparison =
  | { readonly kind: 'same' }
  /** `known` is undefined where nobody can know. */
  | { readonly kind: 'differs'; readonly known: AttributeValue | undefined }
  /** It may differ, and nothing is sent. */
  | { readonly kind: 'left'; readonly why: WhyLeft };

/**
 * `read-only`: nobody may change it. `not-kept`: the server is known not to keep this value. `set-once`, `orgs-own`: the
 * mapping leaves it to the org, always or until the source changes.
 */
export type WhyLeft = 'read-only' | 'not-kept' | 'set-once' | 'orgs-own';

const same: Comparison = { kind: 'same' };
const left = (why: WhyLeft): Comparison => ({ kind: 'left', why });
const leftFor: Readonly<Record<WhyLeft, Comparison>> = {
  'read-only': left('read-only'),
  'not-kept': left('not-kept'),
  'set-once': left('set-once'),
  'orgs-own': left('orgs-own'),
};

/** What the API returns is compared with what it returned, and what it takes but never returns with what was last applied. */
export function compare(
  attribute: string,
  wanted: AttributeValue,
  profile: Pick<Profile, 'attributes'>,
  link: Pick<Link, 'applied' | 'unkept'>,
  authority: ReadonlyMap<string, LesserAuthority>,
): Comparison {
  if (readOnlyAttributes.has(attribute)) return leftFor['read-only'];
  if (authority.get(attribute) === 'once') return leftFor['set-once'];
  const unkept = ownValue(link.unkept, attribute);
  if (unkept !== undefined && isSameValue(attribute, unkept, wanted)) return leftFor['not-kept'];
  const applied = ownValue(link.applied, attribute);
  const isLeftToOrg = authority.get(attribute) === 'on-change' && applied !== undefined;
  if (isLeftToOrg && isSameValue(attribute, applied, wanted)) return leftFor['orgs-own'];
  const isShown = Object.hasOwn(profile.attributes, attribute);
  const known = isShown ? ownValue(profile.attributes, attribute) : applied;
  return known !== undefined && isSameValue(attribute, known, wanted) ? same : { kind: 'differs', known };
}

/**
 * All attributes that {@link compare} finds to differ.
 *
 * @returns undefined where nothing differs
 */
export function differences(
  desired: ProfileAttributes,
  profile: Pick<Profile, 'attributes'>,
  link: Pick<Link, 'applied' | 'unkept'>,
  authority: ReadonlyMap<string, LesserAuthority> = new Map(),
): Changes | undefined {
  const before: Record<string, AttributeValue> = {};
  const after: Record<string, AttributeValue> = {};
  for (const [attribute, wanted] of Object.entries(desired)) {
    const compared = compare(attribute, wanted, profile, link, authority);
    if (compared.kind !== 'differs') continue;
    if (compared.known !== undefined) before[attribute] = compared.known;
    after[attribute] = wanted;
  }
  return Object.keys(after).length === 0 ? undefined : { before, after };
}

/** What an attribute has of its own: `constructor` is a name like any other. */
export const ownValue = (attributes: ProfileAttributes, name: string): AttributeValue | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

/**
 * Whether the server would call two values the same. E-mail addresses ignore case, and a scalar may come back as text
 * (`801212121` and `"801212121"`); anything else must be equal.
 */
export function isSameValue(attribute: string, one: AttributeValue, other: AttributeValue): boolean {
  if (typeof one === 'string' && typeof other === 'string') {
    return attribute === 'email' ? sameEmail(one, other) : one === other;
  }
  if (isScalar(one) && isScalar(other)) return String(one) === String(other);
  return isDeepStrictEqual(one, other);
}

/** Whether two spellings are one e-mail address. */
export const sameEmail = (one: string, other: string): boolean => emailKey(one) === emailKey(other);

/** The form in which two spellings of one e-mail address are equal. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

const isScalar = (value: AttributeValue): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
