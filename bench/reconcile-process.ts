/** Reconciles made-up people with a made-up org in a process of its own, and prints what that took: see reconcile.ts. */
import type { Anchor, Member, SourceId } from '../src/identity/index.ts';
import type { Profile, ProfileId } from '../src/profile-api/index.ts';
import {
  asTied,
  growingOrg,
  inQuestion,
  type Link,
  type Policy,
  printOf,
  reconciler,
  restBook,
  type Tie,
} from '../src/reconcile/index.ts';
import { personAt } from './people.ts';

const { people, isForNothing } = JSON.parse(process.argv[2] ?? '{}') as {
  people: number;
  isForNothing: boolean;
};

const source = 'bench' as SourceId;
const mapped = ['email', 'username', 'name', 'first_name', 'last_name', 'phone', 'designation', 'department'];
const policy: Policy = {
  ...{
    onboard: 'create',
    reactivate: 'ours',
    deletedInOrg: 'leave',
    handOver: 'employee-number',
    graceMs: 0,
  },
  invite: { again: 'never', expiresMs: 0, atMost: 1 },
  joinEarly: { ms: 0, before: new Date() },
  correlation: ['email'],
  sources: [source],
  authority: new Map(),
  precedence: new Map(),
  leaver: {
    disabled: { kind: 'deactivate' },
    'out-of-scope': { kind: 'deactivate' },
    deleted: { kind: 'deactivate' },
    absent: { kind: 'deactivate' },
  },
  ...{ exempts: false, protected: new Set(), ownProfile: undefined, purgeBefore: undefined },
};

const anchorOf = (index: number) =>
  `${index.toString(16).padStart(8, '0')}-9c1e-4b1f-8d55-${(index * 7).toString(16).padStart(12, '0')}` as Anchor;
const profileIdOf = (index: number) => `up${index.toString(16).padStart(18, '0')}` as ProfileId;
/** One in 200 has another title by now, and one in 200 another address in the org. */
const hasMoved = (index: number): boolean => index % 200 === 7;
const wasEdited = (index: number): boolean => index % 200 === 107;

function memberAt(index: number, hasChanged = hasMoved(index)): Member {
  const { uid, cn, sn, givenName, mail, employeeNumber, title, telephoneNumber, departmentNumber } =
    personAt(index);
  return {
    ...{
      kind: 'member',
      anchor: anchorOf(index),
      label: `uid=${uid},ou=people,dc=example,dc=com`,
      email: mail,
    },
    employeeNumber,
    desired: {
      ...{
        email: mail,
        username: uid,
        name: cn,
        first_name: givenName,
        last_name: sn,
        phone: telephoneNumber,
      },
      ...{ designation: hasChanged ? 'Director' : title, department: departmentNumber },
    },
  };
}

function linkAt(index: number): Link {
  const { anchor, label, email, employeeNumber, desired } = memberAt(index, false);
  return {
    ...{ source, anchor, label, email, employeeNumber, applied: desired, unkept: {} },
    ...{ profileId: profileIdOf(index), userId: undefined, exempt: false, origin: 'created' },
    ...{ absentSince: undefined, deletedSince: undefined, leftSince: undefined, goneSince: undefined },
    ...{ deactivatedByUs: false, deactivatedAt: undefined, invitations: 0, invitedAt: undefined },
  };
}

function tieAt(index: number): Tie {
  // Strings as they come from the store: V8 reads those that were put together just now in another, slower way.
  const link: Link = JSON.parse(JSON.stringify(linkAt(index)));
  return { anchor: link.anchor, profileId: link.profileId, print: printOf(link), isPlain: true };
}

function profileAt(index: number): Profile {
  const { uid, cn, mail } = personAt(index);
  const email = wasEdited(index) ? `by.hand.${index}@example.com` : mail;
  const [profileId, userId] = [profileIdOf(index), index as Profile['userId'] & number];
  return {
    ...{ profileId, userId, email, isActive: true },
    attributes: {
      ...{ profile_id: profileId, user: userId, profile: uid, creation_time: '2026-03-02T12:00:00.000Z' },
      ...{ profile_image: '', avatar: '', email, name: cn, is_active: true, last_loggged_in: '' },
      ...{ customer_id: [], customer_entity_id: [], actual_username: uid },
      ...{ is_multiple_customer_user: false, is_profile_image: false },
    },
  };
}

/** What is measured, which making the data up is no part of. Of processor time the whole is told: asking often would cost some. */
let wallMs = 0;
function timed<Result>(work: () => Result): Result {
  const begun = performance.now();
  const result = work();
  wallMs += performance.now() - begun;
  return result;
}

const atOnce = 1_000;

/** As they come from a source, an org or the store: parsed, some at a time, and gone after that. */
function each<Item>(make: (index: number) => Item, take: (some: readonly Item[]) => void): void {
  for (let from = 0; from < people; from += atOnce) {
    const made = Array.from({ length: Math.min(atOnce, people - from) }, (_, index) => make(from + index));
    const some: readonly Item[] = JSON.parse(JSON.stringify(made));
    if (isForNothing) continue;
    timed(() => take(some));
  }
}

const idle = process.memoryUsage.rss();
const cpuBefore = process.cpuUsage();
const rest = restBook({ policy, mapped, spokenOf: new Set(), given: new Set(), conditions: '' });
const org = growingOrg();
const kept: Member[] = [];
// The store knows the prints of links from the time before.
each(tieAt, (ties) => {
  for (const tie of ties) rest.tie(tie);
});
rest.profilesShow(Object.keys(profileAt(0).attributes));
each(profileAt, (profiles) => {
  for (const profile of profiles) org.add(profile);
  rest.list(profiles);
});
each(
  (index) => memberAt(index),
  (members) => {
    for (const member of members) if (rest.see(member)) kept.push(member);
  },
);

const indexes = new Map(
  Array.from({ length: people / 100 }, (_, at) => [anchorOf(at * 100 + 7), at * 100 + 7]),
);
const links = timed(() => rest.stirred()).map((anchor) => linkAt(indexes.get(anchor) ?? Number.NaN));
const operations = timed(() => {
  inQuestion(org, kept, links, []);
  const pass = reconciler({
    ...{ source, org, links, policy, holders: new Map(), claims: new Map(), offers: new Map() },
    ...{ rulings: [], departures: new Map(), leaveDates: new Map() },
  });
  for (const person of [...kept, ...links.filter(({ anchor }) => rest.wasSeenAsTied(anchor)).map(asTied)])
    pass.see(person);
  pass.inquiries();
  const answers = { now: new Date(), incomplete: undefined, absences: new Map(), profiles: new Map() };
  return pass.conclude(answers).operations.length;
});
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = (user + system) / 1_000;
const peakMib = process.resourceUsage().maxRSS / 1_024 - idle / 2 ** 20;
console.log(
  JSON.stringify({
    ...{ operations, unchanged: rest.counts().unchanged, cpuMs, peakMib },
    // What nothing was done about takes no time, however long the machine was elsewhere meanwhile.
    wallMs: isForNothing ? 0 : wallMs,
  }),
);
