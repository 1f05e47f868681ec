/** A small model of what lies behind a plan: an org that takes operations as the real one does, and the links. */
import { notKept } from '../../src/execute/outcome.ts';
import type { Anchor, SourceId } from '../../src/identity/index.ts';
import type { AttributeValue, Profile, ProfileAttributes } from '../../src/profile-api/profile.ts';
import {
  emailKey,
  isSameValue,
  type Link,
  type ProposedOperation,
  type Reconciliation,
} from '../../src/reconcile/index.ts';
import { profile, profileId } from './org.ts';
import { sourceId } from './people.ts';

export interface Model {
  readonly profiles: readonly Profile[];
  readonly links: readonly Link[];
  /** Ever invited, in the form in which two spellings are equal. */
  readonly invited: readonly string[];
}

/**
 * Carries a plan out, as the executor does, in an org that shows a login under another name, cuts titles to three
 * letters, returns a phone number as text, and takes a pin that it never shows.
 *
 * @throws {Error} where the org would refuse: a second account, a second invitation, a profile that is not there
 */
export function carryOut(
  model: Model,
  { operations, ...learnt }: Reconciliation,
  now: Date,
  source: SourceId = sourceId('corp'),
): Model {
  const since = new Set(learnt.newlyAbsent);
  const ended = new Set(learnt.returned);
  const unblocked = new Set(learnt.unblockedByOthers);
  const numbers = new Map(learnt.numbered.map((one) => [one.anchor, one.employeeNumber]));
  const exempt = new Map(learnt.exemptions.map((one) => [one.anchor, one.isExempt]));
  const left = new Set(learnt.newlyLeft);
  const there = new Set(learnt.there);
  const deleted = new Set(learnt.newlyDeleted);
  const links = model.links.map((link) => {
    if (link.source !== source) return link;
    const resolved = learnt.resolved.find((one) => one.anchor === link.anchor);
    return {
      ...link,
      profileId: resolved?.profileId ?? link.profileId,
      userId: resolved?.userId ?? link.userId,
      employeeNumber: numbers.get(link.anchor) ?? link.employeeNumber,
      exempt: exempt.get(link.anchor) ?? link.exempt,
      absentSince: since.has(link.anchor) ? now : ended.has(link.anchor) ? undefined : link.absentSince,
      leftSince: left.has(link.anchor) ? now : there.has(link.anchor) ? undefined : link.leftSince,
      deletedSince: ended.has(link.anchor) ? undefined : deleted.has(link.anchor) ? now : link.deletedSince,
      deactivatedByUs: link.deactivatedByUs && !unblocked.has(link.anchor),
    };
  });
  return operations.reduce<Model>((so, operation) => carryOutOne(so, operation, now, source), {
    ...model,
    links,
  });
}

function carryOutOne(model: Model, operation: ProposedOperation, now: Date, source: SourceId): Model {
  const isOf = isOne(source, operation.anchor);
  const email = operation.email ?? '';
  switch (operation.kind) {
    case 'create': {
      if (withEmail(model, email).length > 0) throw new Error(`A second account for ${email}.`);
      const id = freshId(model, 'N');
      const made = profile({ id, email, attributes: shown(operation.desired) });
      const next = { ...model, profiles: [...model.profiles, made] };
      const earlier = model.links.find(isOf)?.invitations ?? 0;
      return operation.invites === true
        ? keep(next, operation, source, made, 'created', { count: earlier + 1, at: now })
        : keep(next, operation, source, made, 'created');
    }
    case 'invite': {
      if (withEmail(model, email).length > 0)
        throw new Error(`An invitation for ${email}, who has a profile.`);
      const earlier = model.links.find(isOf);
      const isFirst = earlier?.origin !== 'invited' || earlier.profileId !== undefined;
      if (isFirst && model.invited.includes(emailKey(email)))
        throw new Error(`A second invitation for ${email}.`);
      const last = earlier?.invitedAt?.getTime() ?? 0;
      if (!isFirst && now.getTime() - last < 36 * 3_600_000)
        throw new Error(`A second invitation for ${email} before the first one has expired.`);
      return keep(
        { ...model, invited: [...model.invited, emailKey(email)] },
        operation,
        source,
        undefined,
        'invited',
        { count: (earlier?.invitations ?? 0) + 1, at: now },
      );
    }
    case 'purge':
      return purge(model, operation, isOf);
    default:
      return change(model, operation, now, source);
  }
}

const isOne =
  (source: SourceId, anchor: Anchor) =>
  (link: Link): boolean =>
    link.source === source && link.anchor === anchor;

/** A profile's id is never given again while anybody knows it: counting profiles would, after a deletion. */
function freshId({ profiles, links }: Model, letter: 'N' | 'I'): string {
  const known = [...profiles, ...links].flatMap(({ profileId }) =>
    profileId?.startsWith(letter) ? [Number(profileId.slice(1))] : [],
  );
  return `${letter}${Math.max(-1, ...known) + 1}`;
}

function purge(model: Model, { profileId: id }: ProposedOperation, isOf: (link: Link) => boolean): Model {
  const current = model.profiles.find((one) => one.profileId === id);
  if (current === undefined || current.isActive)
    throw new Error(`The profile ${id} is not there, or active.`);
  return {
    ...model,
    profiles: model.profiles.filter((one) => one !== current),
    links: model.links.filter((link) => !isOf(link)),
  };
}

function change(model: Model, operation: ProposedOperation, now: Date, source: SourceId): Model {
  const isOf = isOne(source, operation.anchor);
  const current = model.profiles.find((one) => one.profileId === operation.profileId);
  if (current === undefined) throw new Error(`There is no profile ${operation.profileId}.`);
  const { is_active: state, ...after } = operation.after;
  const email = typeof after.email === 'string' ? after.email : (current.email ?? '');
  if (withEmail(model, email).some((one) => one !== current && after.email !== undefined))
    throw new Error(`A second account for ${email}.`);
  const changed: Profile = {
    ...current,
    email,
    isActive: typeof state === 'boolean' ? state : current.isActive,
    attributes: {
      ...current.attributes,
      ...shown(after),
      ...(state === undefined ? {} : { is_active: state }),
    },
  };
  const profiles = model.profiles.map((one) => (one === current ? changed : one));
  if (operation.kind === 'adopt') {
    const { releases, releasesSource = source } = operation;
    const isReleased = releases === undefined ? () => false : isOne(releasesSource, releases);
    const kept = model.links.filter((link) => !isReleased(link));
    return keep({ ...model, profiles, links: kept }, operation, source, changed, 'adopted');
  }

  const lost = notKept(after, changed, isSameValue);
  const links = model.links.map((link) => {
    if (!isOf(link)) return link;
    const applied =
      operation.kind === 'deactivate' ? link.applied : { ...link.applied, ...operation.desired };
    const deactivatedByUs = state === undefined ? link.deactivatedByUs : state === false;
    const deactivatedAt = state === false ? now : link.deactivatedAt;
    return { ...link, email, applied, unkept: { ...link.unkept, ...lost }, deactivatedByUs, deactivatedAt };
  });
  return { ...model, profiles, links };
}

function keep(
  model: Model,
  { anchor, email, label, employeeNumber, isExempt = false, after, desired }: ProposedOperation,
  source: SourceId,
  made: Profile | undefined,
  origin: Link['origin'],
  invited?: { readonly count: number; readonly at: Date },
): Model {
  const kept: Link = {
    source,
    anchor,
    profileId: made?.profileId,
    userId: made?.userId,
    email,
    label,
    employeeNumber,
    exempt: isExempt,
    origin,
    // An invitation carries nothing of it.
    applied: origin === 'invited' ? {} : desired,
    unkept: made === undefined ? {} : notKept(after, made, isSameValue),
    absentSince: undefined,
    deletedSince: undefined,
    leftSince: undefined,
    goneSince: undefined,
    deactivatedByUs: false,
    deactivatedAt: undefined,
    invitations: invited?.count ?? 0,
    invitedAt: invited?.at,
  };
  return { ...model, links: [...model.links.filter((link) => !isOne(source, anchor)(link)), kept] };
}

/** Everybody who was invited accepts, and fills nothing in. */
export function acceptInvitations(model: Model): Model {
  const open = model.links.flatMap((link) =>
    link.origin === 'invited' && link.profileId === undefined && link.email !== undefined ? [link.email] : [],
  );
  const fresh = open.filter((email) => withEmail(model, email).length === 0);
  let joined = model;
  for (const email of new Set(fresh.map(emailKey)))
    joined = { ...joined, profiles: [...joined.profiles, profile({ id: freshId(joined, 'I'), email })] };
  return joined;
}

export const withEmail = (model: Model, email: string): readonly Profile[] =>
  model.profiles.filter((one) => one.email !== undefined && emailKey(one.email) === emailKey(email));

/** What the org shows of what it was sent. */
function shown(sent: ProfileAttributes): ProfileAttributes {
  const entries = Object.entries(sent).flatMap(
    ([name, value]): readonly (readonly [string, AttributeValue])[] => {
      switch (name) {
        case 'pin':
        case 'name':
          return [];
        case 'username':
          return [['actual_username', value]];
        case 'title':
          return [[name, typeof value === 'string' ? value.slice(0, 3) : value]];
        case 'phone':
          return [[name, String(value)]];
        default:
          return [[name, value]];
      }
    },
  );
  return Object.fromEntries(entries);
}

/** The profile of somebody, by their link. */
export function profileOf(model: Model, anchor: string): Profile | undefined {
  const id = model.links.find((link) => link.anchor === anchor)?.profileId;
  return id === undefined ? undefined : model.profiles.find((one) => one.profileId === profileId(id));
}
