/** Generated directories and orgs: small, so that addresses, logins and profiles meet by chance. */
import fc from 'fast-check';
import type { Person } from '../../src/identity/index.ts';
import type { Profile } from '../../src/profile-api/profile.ts';
import type { Absence, Link, LinkedProfile, Policy, Ruling, Treatment } from '../../src/reconcile/index.ts';
import type { Model } from './model.ts';
import { link, profile, profileId, userId } from './org.ts';
import { leaver, person, skipped, sourceId } from './people.ts';
import { ruling } from './ruling.ts';
import { after, hours, noon, policy, type Situation } from './run.ts';

const anchors = ['a', 'b', 'c', 'd', 'e', 'f'];
const addresses = fc.constantFrom('p', 'q', 'r', 's', 't', 'P', 'Q').map((name) => `${name}@example.com`);
const numbers = fc.constantFrom('4711', '4712', undefined);
const logins = fc.constantFrom('one', 'two', 'TWO', 'three');

export interface Case {
  readonly model: Model;
  readonly people: readonly Person[];
  readonly policy: Policy;
  readonly rulings: readonly Ruling[];
  readonly absences: Readonly<Record<string, Absence>>;
  /** Profiles that the listing lacks, although they are there. */
  readonly hidden: ReadonlySet<string>;
}

const desired = fc.record(
  {
    name: fc.constantFrom('Ann', 'Bob'),
    username: logins,
    title: fc.constantFrom('Head', 'Clerk', 'CEO', ''),
    phone: fc.constantFrom(1, 2),
    pin: fc.constantFrom('1', '2'),
    note: fc.constantFrom(null, '', 'x'),
  },
  { requiredKeys: [] },
);

const somebody = (anchor: string): fc.Arbitrary<Person | undefined> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({ email: addresses, employeeNumber: numbers, desired })
        .map(({ employeeNumber, ...given }) =>
          person({ anchor, ...given, ...(employeeNumber === undefined ? {} : { employeeNumber }) }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('disabled', 'out-of-scope'),
          fc.constantFrom(undefined, undefined, 'user.board'),
        )
        .map(([why, exemptBy]) => leaver(anchor, why, exemptBy)),
    },
    { weight: 1, arbitrary: fc.constant(skipped(anchor)) },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );

const profiles = fc
  .array(
    fc.record({
      email: addresses,
      isActive: fc.boolean(),
      username: logins,
      attributes: fc.record(
        { title: fc.constantFrom('Hea', 'Cle'), phone: fc.constantFrom('1', '2') },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: 7 },
  )
  .map((given) => given.map((one, index) => profile({ id: `P${index}`, userId: index, ...one })));

interface LinkSeed {
  readonly isLinked: boolean;
  readonly isPending: boolean;
  readonly isDeleted: boolean;
  readonly rest: Pick<
    Link,
    | 'employeeNumber'
    | 'exempt'
    | 'deactivatedByUs'
    | 'deactivatedAt'
    | 'absentSince'
    | 'applied'
    | 'unkept'
    | 'invitations'
    | 'invitedAt'
  > & {
    readonly email: string;
  };
}

const linkSeed: fc.Arbitrary<LinkSeed> = fc.record({
  isLinked: fc.boolean(),
  isPending: fc.integer({ max: 5, min: 0 }).map((dice) => dice === 0),
  isDeleted: fc.integer({ max: 7, min: 0 }).map((dice) => dice === 0),
  rest: fc.record({
    email: addresses,
    employeeNumber: numbers,
    exempt: fc.boolean(),
    deactivatedByUs: fc.boolean(),
    deactivatedAt: fc.constantFrom(undefined, after(noon, -hours(1_000)), after(noon, -hours(1))),
    absentSince: fc.constantFrom(undefined, after(noon, -hours(48)), after(noon, -hours(1))),
    applied: desired,
    unkept: fc.record({ title: fc.constantFrom('Head', 'Clerk') }, { requiredKeys: [] }),
    invitations: fc.constantFrom(1, 2, 3),
    invitedAt: fc.constantFrom(after(noon, -hours(48)), after(noon, -hours(1))),
  }),
});

/** Each profile is linked once at most; a deleted one is linked and not there. */
function linksFrom(seeds: readonly LinkSeed[], count: number): readonly Link[] {
  let next = 0;
  return seeds.flatMap(({ isLinked, isPending, isDeleted, rest }, index) => {
    if (!isLinked) return [];
    const id = anchors[index] ?? '';
    if (isPending)
      return [
        link({
          id,
          pending: true,
          ...rest,
          deactivatedByUs: false,
          ...(index % 2 === 0 ? {} : { userId: userId(index) }),
        }),
      ];
    if (isDeleted) return [link({ id, ...rest, profileId: profileId(`gone-${id}`) })];
    if (next >= count) return [];
    next += 1;
    return [link({ id, ...rest, profileId: profileId(`P${next - 1}`) })];
  });
}

/** Mostly what they are where nothing is said, so that the laws meet people who leave. */
const treatment: fc.Arbitrary<Treatment> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Treatment>({ kind: 'deactivate' }) },
  { weight: 1, arbitrary: fc.constant<Treatment>({ kind: 'ignore' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Treatment>({ kind: 'after', ms: hours(1) }, { kind: 'after', ms: hours(72) }),
  },
);

const policies = (count: number): fc.Arbitrary<Policy> =>
  fc.record({
    onboard: fc.constantFrom('create', 'invite', 'create-and-invite'),
    invite: fc.record({
      again: fc.constantFrom('never', 'once-expired'),
      expiresMs: fc.constant(hours(36)),
      atMost: fc.constantFrom(1, 2, 3),
    }),
    reactivate: fc.constantFrom('ours', 'always', 'never'),
    deletedInOrg: fc.constantFrom('leave', 'create'),
    correlation: fc.shuffledSubarray(['email', 'username', 'employee-number'] as const),
    handOver: fc.constantFrom('employee-number', 'correlation'),
    sources: fc.constant([sourceId('corp')]),
    precedence: fc.constant(new Map()),
    // Every other attribute of the generated people, so that the laws meet all three.
    authority: fc.constantFrom(
      new Map(),
      new Map([
        ['title', 'on-change'],
        ['phone', 'once'],
      ] as const),
    ),
    graceMs: fc.constantFrom(0, hours(24)),
    leaver: fc.record({
      disabled: treatment,
      'out-of-scope': treatment,
      deleted: treatment,
      absent: treatment,
    }),
    exempts: fc.boolean(),
    joinEarly: fc.constant(policy().joinEarly),
    purgeBefore: fc.constantFrom(undefined, after(noon, -hours(720))),
    protected: addresses.map((email) => new Set([email.toLowerCase()])),
    ownProfile: fc.option(
      fc.integer({ min: 0, max: count }).map((id) => profileId(`P${id}`)),
      { nil: undefined },
    ),
  });

const absence: fc.Arbitrary<Absence> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Absence>({ kind: 'gone' }) },
  { weight: 1, arbitrary: fc.constant<Absence>({ kind: 'still-there' }) },
  { weight: 1, arbitrary: fc.constant<Absence>({ kind: 'unknown', reason: 'The server is busy.' }) },
);

const rulingOn = (count: number): fc.Arbitrary<Ruling> =>
  fc
    .record({
      anchor: fc.constantFrom(...anchors),
      profile: fc.option(fc.integer({ min: 0, max: count }), { nil: undefined }),
    })
    .map(({ anchor: id, profile: index }) => ruling(id, index === undefined ? undefined : `P${index}`));

const onePerPerson = (rulings: readonly Ruling[]): readonly Ruling[] => [
  ...new Map(rulings.map((one) => [one.anchor, one])).values(),
];

const isCarriedOut = (model: Model, { anchor: id, profileId: of }: Extract<Ruling, { kind: 'adopt' }>) =>
  model.links.some((one) => one.anchor === id && one.profileId === of);

/** On how many cases a law is tried; on fewer where mutants are (vitest.mutation.config.ts). */
export const manyCases = { numRuns: Number(process.env.GENERATED_CASES ?? 2_000) };

/** A directory, an org and what ties them, in any state that they may have got into. */
export const anyCase: fc.Arbitrary<Case> = profiles.chain((listed) =>
  fc
    .record({
      people: fc.tuple(...anchors.map(somebody)),
      seeds: fc.tuple(...anchors.map(() => linkSeed)),
      policy: policies(listed.length),
      rulings: fc.array(rulingOn(listed.length), { maxLength: 2 }),
      absences: fc.tuple(...anchors.map(() => absence)),
      hidden: fc.option(fc.constantFrom(...listed, undefined), { nil: undefined }),
    })
    .map(({ people, seeds, policy, rulings, absences, hidden }) => {
      const links = linksFrom(seeds, listed.length);
      // Of a profile that the listing lacks, only a link can tell; nobody else's address leads to it.
      const isHidden = hidden !== undefined && links.some((one) => one.profileId === hidden.profileId);
      const lacking = isHidden ? profile({ ...profileSeed(hidden), email: 'hidden@example.com' }) : undefined;
      return {
        model: {
          profiles: listed.map((one) => (one === hidden && lacking !== undefined ? lacking : one)),
          links,
          invited: [],
        },
        people: people.filter((one) => one !== undefined),
        policy,
        rulings: onePerPerson(rulings),
        absences: Object.fromEntries(absences.map((one, index) => [anchors[index], one])),
        hidden: new Set(lacking === undefined ? [] : [String(lacking.profileId)]),
      };
    }),
);

const profileSeed = ({ profileId: id, userId: user, isActive }: Profile) => ({
  id,
  isActive,
  ...(user === undefined ? {} : { userId: user }),
});

/** A run's view of a case: what is listed, and what asking for the rest says. */
export function situationOf({ model, people, policy, rulings, absences, hidden }: Case): Situation {
  const there = new Map(model.profiles.map((one) => [String(one.profileId), one]));
  const asked = [...model.links, ...rulings.filter((one) => one.kind === 'adopt')];
  const unlisted = asked.flatMap(({ profileId: id }): readonly (readonly [string, LinkedProfile])[] => {
    if (id === undefined) return [];
    const found = there.get(id);
    return [[id, found === undefined ? { kind: 'deleted' } : { kind: 'there', profile: found }]];
  });
  return {
    people,
    profiles: model.profiles.filter((one) => !hidden.has(one.profileId)),
    links: model.links,
    policy,
    // One that is carried out is forgotten.
    rulings: rulings.filter((ruling) => ruling.kind === 'ignore' || !isCarriedOut(model, ruling)),
    absences,
    unlisted: Object.fromEntries(unlisted),
  };
}
