/** Compares what happened with what was due. Every difference becomes a sentence. */
import type { Effect, SandboxUser } from '../../../src/sandbox/index.ts';
import { auditFindings } from './audit-findings.ts';
import type { Due } from './due.ts';
import type { Evidence } from './evidence.ts';
import { effectsOn, type Owners, ownersOf, told } from './owners.ts';
import { stateFindings } from './state-findings.ts';

/** The findings; none where everything is as it should be. */
export function examine(due: readonly Due[], evidence: Evidence): readonly string[] {
  const owners = ownersOf(due, evidence);
  return [
    ...foreignEffects(owners, evidence),
    ...strangers(owners, evidence),
    ...due.flatMap((person) => [
      ...repetitions(person, effectsOn(person, owners, evidence)),
      ...endFindings(person, owners, evidence),
    ]),
    ...auditFindings(due, owners, evidence),
    ...stateFindings(due, owners, evidence),
  ];
}

const neverDone: ReadonlySet<string> = new Set(['deleted', 'own-account-edited', 'logged-out']);

function foreignEffects(owners: Owners, { effects }: Evidence): readonly string[] {
  const emails = new Set([...owners.values()].flatMap((person) => person.emails));
  return effects
    .filter((effect) => effect.by === 'api')
    .flatMap((effect) => {
      if (neverDone.has(effect.kind)) return [`${told(effect)} must never happen.`];
      const isOurs =
        effect.profileId === undefined
          ? emails.has(effect.email ?? '') || effect.kind === 'invited'
          : owners.has(effect.profileId);
      return isOurs ? [] : [`${told(effect)} concerns somebody who is not ours.`];
    });
}

/** Whoever is none of our people is exactly as before. */
function strangers(owners: Owners, { before, users }: Evidence): readonly string[] {
  const now = new Map(users.map((user) => [user.profile.profile_id, user]));
  return before.flatMap((user) => {
    const { profile_id: id, email } = user.profile;
    if (owners.has(id)) return [];
    return JSON.stringify(now.get(id)) === JSON.stringify(user) ? [] : [`The stranger ${email} was changed.`];
  });
}

function repetitions(person: Due, effects: readonly Effect[]): readonly string[] {
  const count = (kind: Effect['kind']): number => effects.filter((effect) => effect.kind === kind).length;
  const name = person.emails[0];
  const most: readonly (readonly [Effect['kind'], number])[] = [
    ['created', person.wasThere ? 0 : 1],
    ['deactivated', person.mostDeactivations],
    ['reactivated', person.mostReactivations],
  ];
  return most.flatMap(([kind, allowed]) =>
    count(kind) > allowed ? [`${name} was ${kind} ${count(kind)} times, ${allowed} at most is right.`] : [],
  );
}

function endFindings(person: Due, owners: Owners, { users }: Evidence): readonly string[] {
  const theirs = users.filter((user) => owners.get(user.profile.profile_id) === person);
  const name = person.emails[0];
  if (theirs.length > 1) return [`${name} has ${theirs.length} profiles.`];
  const [user] = theirs;
  if (person.end.kind === 'inactive')
    return user?.profile.is_active ? [`${name} left, or was blocked, and is still active.`] : [];
  if (user === undefined) return [`${name} was lost: they belong in the org and have no profile.`];
  return differences(person.end, user).map((difference) => `${name}: ${difference}`);
}

function differences(
  end: Extract<Due['end'], { kind: 'active' }>,
  { profile, extras }: SandboxUser,
): readonly string[] {
  const found = [
    ...(profile.is_active ? [] : ['they belong in the org and are inactive.']),
    ...(profile.email === end.email ? [] : [`the address is ${profile.email} instead of ${end.email}.`]),
  ];
  for (const [attribute, wanted] of Object.entries(end.extras))
    if (extras[attribute] !== wanted)
      found.push(
        `${attribute} is ${JSON.stringify(extras[attribute])} instead of ${JSON.stringify(wanted)}.`,
      );
  return found;
}
