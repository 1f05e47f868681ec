/** Profiles by number, as bytes. Pure. */
import { PackedRows } from '../compact/index.ts';
import type {
  AttributeValue,
  Profile,
  ProfileAttributes,
  ProfileId,
  UserId,
} from '../profile-api/profile.ts';

/** What the wire says again in its own words, as a rule: then it is kept once. */
const wireNames = { profile_id: 'profileId', user: 'userId', email: 'email', is_active: 'isActive' } as const;

type Known = (typeof wireNames)[keyof typeof wireNames];

/** The names of a profile's attributes, in their order. */
interface Shape {
  readonly names: readonly string[];
  /** What each is the same as, if it is. */
  readonly sameAs: readonly (Known | undefined)[];
  /** What the first profile had; whatever has that too is left out, such as what nobody fills in. */
  readonly usual: readonly AttributeValue[];
  /** The same, by their names: a copy of it has every name, whatever it is. */
  readonly first: ProfileAttributes;
}

/** A profile in a row. */
type Packed = readonly [
  shape: number,
  ProfileId,
  UserId | null,
  email: string | null,
  isActive: boolean,
  /** Places among the names, each with what is there. */
  ...unusual: AttributeValue[],
];

export class PackedProfiles {
  readonly #rows = new PackedRows();
  /** Those of one org are few, mostly one. */
  readonly #shapes: Shape[] = [];

  get size(): number {
    return this.#rows.size;
  }

  /** @returns its number, from 0 */
  add(profile: Profile): number {
    for (const [index, shape] of this.#shapes.entries()) {
      if (this.#put(profile, index, shape)) return this.#rows.end();
      this.#rows.drop();
    }
    const names = Object.keys(profile.attributes);
    this.#shapes.push({
      names,
      sameAs: names.map((name) => knownAs(name, profile)),
      usual: names.map((name) => profile.attributes[name] ?? null),
      first: { ...profile.attributes },
    });
    return this.add(profile);
  }

  at(number: number): Profile {
    const [shape, profileId, userId, email, isActive, ...unusual] = this.#rows.at(number) as Packed;
    const known = { profileId, userId: userId ?? undefined, email: email ?? undefined, isActive };
    return { ...known, attributes: attributesOf(this.#shapes[shape], known, unusual) };
  }

  /** Puts a profile into a row as {@link Packed}, value by value. @returns whether it is of that shape */
  #put(profile: Profile, index: number, { names, sameAs, usual }: Shape): boolean {
    const { attributes, profileId, userId, email, isActive } = profile;
    const rows = this.#rows;
    rows.put(index);
    rows.put(profileId);
    rows.put(userId ?? null);
    rows.put(email ?? null);
    rows.put(isActive);
    let place = 0;
    for (const name in attributes) {
      if (names[place] !== name) return false;
      const value = attributes[name];
      const same = sameAs[place];
      if (same !== undefined) {
        if (value !== profile[same]) return false;
      } else if (!isAlike(value, usual[place])) {
        rows.put(place);
        rows.put(value ?? null);
      }
      place += 1;
    }
    return place === names.length;
  }
}

/** Whether two values are seen to be the same at a glance. */
const isAlike = (one: AttributeValue | undefined, other: AttributeValue | undefined): boolean =>
  one === other || (isEmptyList(one) && isEmptyList(other));

const isEmptyList = (value: AttributeValue | undefined): boolean =>
  Array.isArray(value) && value.length === 0;

function knownAs(name: string, profile: Profile): Known | undefined {
  if (name !== 'profile_id' && name !== 'user' && name !== 'email' && name !== 'is_active') return undefined;
  const known = wireNames[name];
  return profile.attributes[name] === profile[known] ? known : undefined;
}

function attributesOf(
  shape: Shape | undefined,
  known: Omit<Profile, 'attributes'>,
  unusual: readonly AttributeValue[],
): ProfileAttributes {
  const { names, sameAs, first } = shape ?? { names: [], sameAs: [], first: {} };
  const attributes: Record<string, AttributeValue> = { ...first };
  const set = (place: number, value: AttributeValue): void => {
    attributes[names[place] ?? ''] = value;
  };
  for (let place = 0; place < names.length; place += 1) {
    const same = sameAs[place];
    if (same !== undefined) set(place, known[same] ?? null);
  }
  for (let at = 0; at < unusual.length; at += 2) set(Number(unusual[at]), unusual[at + 1] ?? null);
  return attributes;
}
