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

/** The names of a profile's attributes, in their order; beside each what it is the same as, if it is. */
interface Shape {
  readonly names: readonly string[];
  readonly sameAs: readonly (Known | undefined)[];
}

type Packed = readonly [
  shape: number,
  ProfileId,
  UserId | null,
  email: string | null,
  isActive: boolean,
  ...values: AttributeValue[],
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
    this.#shapes.push({ names, sameAs: names.map((name) => knownAs(name, profile)) });
    return this.add(profile);
  }

  at(number: number): Profile {
    const packed: Packed = JSON.parse(this.#texts.at(number));
    const [shape, profileId, userId, email, isActive, ...values] = packed;
    const known = { profileId, userId: userId ?? undefined, email: email ?? undefined, isActive };
    return { ...known, attributes: attributesOf(this.#shapes[shape], known, values) };
  }
}

/** As a profile of that shape, or undefined where it is none. */
function pack(profile: Profile, index: number, { names, sameAs }: Shape): Packed | undefined {
  const { attributes, profileId, userId, email, isActive } = profile;
  const packed: [...Packed] = [index, profileId, userId ?? null, email ?? null, isActive];
  let place = 0;
  for (const name in attributes) {
    if (names[place] !== name) return undefined;
    const same = sameAs[place];
    if (same === undefined) packed.push(attributes[name] ?? null);
    else if (attributes[name] !== profile[same]) return undefined;
    place += 1;
  }
  return place === names.length ? packed : undefined;
}

function knownAs(name: string, profile: Profile): Known | undefined {
  if (name !== 'profile_id' && name !== 'user' && name !== 'email' && name !== 'is_active') return undefined;
  const known = wireNames[name];
  return profile.attributes[name] === profile[known] ? known : undefined;
}

function attributesOf(
  shape: Shape | undefined,
  known: Omit<Profile, 'attributes'>,
  values: readonly AttributeValue[],
): ProfileAttributes {
  let next = 0;
  const entries = (shape?.names ?? []).map((name, index): readonly [string, AttributeValue] => {
    const same = shape?.sameAs[index];
    if (same !== undefined) return [name, known[same] ?? null];
    next += 1;
    return [name, values[next - 1] ?? null];
  });
  return Object.fromEntries(entries);
}
