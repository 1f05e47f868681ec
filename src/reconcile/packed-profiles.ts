/** Profiles by number, as bytes. Pure. */
import { PackedTexts } from '../compact/index.ts';
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
}

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
  readonly #texts = new PackedTexts();
  /** Those of one org are few, mostly one. */
  readonly #shapes: Shape[] = [];

  get size(): number {
    return this.#texts.size;
  }

  /** @returns its number, from 0 */
  add(profile: Profile): number {
    for (const [index, shape] of this.#shapes.entries()) {
      const packed = pack(profile, index, shape);
      if (packed !== undefined) return this.#texts.add(JSON.stringify(packed));
    }
    const names = Object.keys(profile.attributes);
    this.#shapes.push({
      names,
      sameAs: names.map((name) => knownAs(name, profile)),
      usual: names.map((name) => profile.attributes[name] ?? null),
    });
    return this.add(profile);
  }

  at(number: number): Profile {
    const packed: Packed = JSON.parse(this.#texts.at(number));
    const [shape, profileId, userId, email, isActive, ...unusual] = packed;
    const known = { profileId, userId: userId ?? undefined, email: email ?? undefined, isActive };
    return { ...known, attributes: attributesOf(this.#shapes[shape], known, unusual) };
  }
}

/** As a profile of that shape, or undefined where it is none. */
function pack(profile: Profile, index: number, { names, sameAs, usual }: Shape): Packed | undefined {
  const { attributes, profileId, userId, email, isActive } = profile;
  const packed: [...Packed] = [index, profileId, userId ?? null, email ?? null, isActive];
  let place = 0;
  for (const name in attributes) {
    if (names[place] !== name) return undefined;
    const value = attributes[name];
    const same = sameAs[place];
    if (same !== undefined) {
      if (value !== profile[same]) return undefined;
    } else if (!isAlike(value, usual[place])) packed.push(place, value ?? null);
    place += 1;
  }
  return place === names.length ? packed : undefined;
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
  const { names, sameAs, usual } = shape ?? { names: [], sameAs: [], usual: [] };
  const values = [...usual];
  for (let at = 0; at < unusual.length; at += 2) values[Number(unusual[at])] = unusual[at + 1] ?? null;
  return Object.fromEntries(
    names.map((name, place): readonly [string, AttributeValue] => {
      const same = sameAs[place];
      return [name, (same === undefined ? values[place] : known[same]) ?? null];
    }),
  );
}
