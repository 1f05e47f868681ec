/** What must change in a profile, attribute by attribute. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { LesserAuthority } from '../identity/rules.ts';
import {
  type AttributeValue,
  type Profile,
  type ProfileAttributes,
  readOnlyAttributes,
} from '../profile-api/profile.ts';
import type { Link } from '../store/link.ts';

export interface Changes {
  /** The attributes concerned as they are; a key is absent where nobody can know. */
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
}

/**
 * Compares what the API returns with what it returned, and what it takes but never returns with what was last applied.
 * Attributes that nobody may change are no difference, nor are values that the server is known not to keep, nor what the
 * mapping leaves to the org.
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
    if (readOnlyAttributes.has(attribute) || authority.get(attribute) === 'once') continue;
    const unkept = ownValue(link.unkept, attribute);
    if (unkept !== undefined && isSameValue(attribute, unkept, wanted)) continue;
    const applied = ownValue(link.applied, attribute);
    const isLeftToOrg = authority.get(attribute) === 'on-change' && applied !== undefined;
    if (isLeftToOrg && isSameValue(attribute, applied, wanted)) continue;
    const isShown = Object.hasOwn(profile.attributes, attribute);
    const known = isShown ? ownValue(profile.attributes, attribute) : applied;
    if (known !== undefined && isSameValue(attribute, known, wanted)) continue;
    if (known !== undefined) before[attribute] = known;
    after[attribute] = wanted;
  }
  return Object.keys(after).length === 0 ? undefined : { before, after };
}

const ownValue = (attributes: ProfileAttributes, name: string): AttributeValue | undefined =>
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

export const sameEmail = (one: string, other: string): boolean => emailKey(one) === emailKey(other);

/** The form in which two spellings of one e-mail address are equal. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

const isScalar = (value: AttributeValue): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
