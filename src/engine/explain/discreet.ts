/** An explanation without what nobody should read off a screen: values under names that sound like secrets, or made of such. */
import { isSecretName, type RuleStep } from '../../identity/index.ts';
import type { AttributeValue } from '../../profile-api/index.ts';
import type { Operation } from '../../store/operations/operations.ts';
import type { ExplainedPerson, Next, ProfileState, SourceEntry } from './explanation.ts';

export const notShown = '(not shown)';

type Hide = <Value extends AttributeValue | readonly string[]>(
  attributes: Readonly<Record<string, Value>>,
) => Record<string, Value | typeof notShown>;

/** @param secret - profile attributes that are made of secrets, besides those whose own name sounds like one */
export function discreetly(person: ExplainedPerson, secret: ReadonlySet<string>): ExplainedPerson {
  const isHidden = (name: string): boolean => secret.has(name) || isSecretName(name);
  const hide: Hide = (attributes) =>
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, isHidden(name) ? notShown : value]),
    );
  const { link, history, open } = person;
  return {
    ...person,
    entry: hiddenEntry(person.entry, isHidden, hide),
    link:
      link === undefined ? undefined : { ...link, applied: hide(link.applied), unkept: hide(link.unkept) },
    profile: hiddenProfile(person.profile, hide),
    comparison: person.comparison.map((one) =>
      isHidden(one.attribute)
        ? { ...one, wanted: notShown, shown: one.shown === undefined ? undefined : notShown }
        : one,
    ),
    next: hiddenNext(person.next, hide),
    open: open.map((one) => ({ ...one, operation: hiddenOperation(one.operation, hide) })),
    history: {
      ...history,
      entries: history.entries.map((entry) => ({
        ...entry,
        details: hiddenDetails(entry.details, isHidden),
      })),
    },
  };
}

function hiddenEntry(entry: SourceEntry, isHidden: (name: string) => boolean, hide: Hide): SourceEntry {
  if (entry.kind !== 'seen') return entry;
  const { identity, person, trace } = entry;
  const step = <Step extends RuleStep>(one: Step, isOutcomeHidden: boolean): Step => ({
    ...one,
    saw: hide(one.saw),
    outcome:
      isOutcomeHidden && one.outcome.kind === 'value' ? { kind: 'value', value: notShown } : one.outcome,
  });
  return {
    ...entry,
    identity: {
      ...identity,
      attributes: Object.fromEntries(
        Object.entries(identity.attributes).map(([name, values]) => [
          name,
          isHidden(name) ? [notShown] : values,
        ]),
      ),
    },
    person: person.kind === 'member' ? { ...person, desired: hide(person.desired) } : person,
    trace: {
      active: step(trace.active, false),
      scope: step(trace.scope, false),
      mapping: trace.mapping.map((one) => step(one, isHidden(one.attribute))),
    },
  };
}

const hiddenProfile = (profile: ProfileState, hide: Hide): ProfileState =>
  profile.kind === 'there'
    ? { ...profile, profile: { ...profile.profile, attributes: hide(profile.profile.attributes) } }
    : profile;

function hiddenNext(next: Next, hide: Hide): Next {
  if (next.kind === 'held') return { ...next, operation: hiddenOperation(next.operation, hide) };
  if (next.kind !== 'operation') return next;
  const { before, after, desired } = next.operation;
  const hidden = { before: hide(before), after: hide(after), desired: hide(desired) };
  return { ...next, operation: { ...next.operation, ...hidden } };
}

const hiddenOperation = (operation: Operation, hide: Hide): Operation => ({
  ...operation,
  before: hide(operation.before),
  after: hide(operation.after),
  desired: hide(operation.desired),
});

/** What an entry of the audit log says besides, as `discreetly` shows it. */
export const discreetDetails = (
  details: Readonly<Record<string, unknown>>,
  secret: ReadonlySet<string>,
): Readonly<Record<string, unknown>> =>
  hiddenDetails(details, (name) => secret.has(name) || isSecretName(name));

/** At any depth: what the log keeps of a purged profile, too. */
function hiddenDetails<Details extends object>(
  details: Details,
  isHidden: (name: string) => boolean,
): Details {
  return JSON.parse(
    JSON.stringify(details, (name, value: unknown) => (name !== '' && isHidden(name) ? notShown : value)),
  );
}
