/** An operator's word on one person: whose profile is theirs, or that they are to be left alone. */
import { type Kysely, sql } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import type { Anchor, Person, SourceId } from '../../identity/index.ts';
import { type ProfileApi, ProfileApiError, type ProfileId } from '../../profile-api/index.ts';
import { wordOf } from '../../reconcile/index.ts';
import { supersedeUnsent } from '../../store/operations/supersede.ts';
import { holders, linkOf } from '../../store/people/links.ts';
import type { Ruling } from '../../store/people/ruling.ts';
import { dropRuling, keepRuling, rulingOn, rulingOver } from '../../store/people/rulings.ts';
import type { Database } from '../../store/schema.ts';
import { addRevisits } from '../../store/sources/cursors.ts';
import { settleRuns } from '../after/settle.ts';
import type { Word } from './approval.ts';

/** Somebody whom an operator named, as the source tells of them, where it does. */
export interface NamedPerson {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  readonly email: string | undefined;
  readonly seenAs: Person['kind'] | undefined;
}

/** Whether the word was kept, and if not, why. */
export type RulingOutcome =
  | { readonly kind: 'ruled'; readonly superseded: number }
  | { readonly kind: 'refused'; readonly sentence: string };

const refused = (sentence: string): RulingOutcome => ({ kind: 'refused', sentence });

/**
 * Keeps the word that a profile is somebody's; the next run adopts it, in the plan like everything else.
 *
 * @param seenAs - how the source tells of whoever has the profile now; undefined where it does not show them
 * @throws {ProfileApiError} where the org can't be asked
 */
export async function ruleAdoption(
  { db, api }: { readonly db: Kysely<Database>; readonly api: ProfileApi },
  person: NamedPerson,
  profileId: ProfileId,
  word: Word,
  seenAs: (anchor: Anchor) => Promise<Person['kind'] | undefined>,
  now: Date,
): Promise<RulingOutcome> {
  const problem =
    personProblem(person) ??
    (await profileProblem(api, profileId)) ??
    (await tieProblem(db, person, profileId, seenAs));
  if (problem !== undefined) return refused(problem);
  return await keep(db, { ...namesOf(person), ...word, at: now, kind: 'adopt', profileId }, now);
}

function personProblem({ seenAs, label, source }: NamedPerson): string | undefined {
  switch (seenAs) {
    case 'member':
      return undefined;
    case 'leaver':
      return `${label} has left, or is out of scope, by the word of ${source}: nobody is given a profile who does not belong in the org.`;
    case 'skipped':
      return `The record of ${label} can't be used (\`rollcall plan\` says why). Mend it in the source first.`;
    case undefined:
      return `${label} is not in ${source} any more: nobody is given a profile who is gone.`;
    default:
      return seenAs satisfies never;
  }
}

async function profileProblem(api: ProfileApi, id: ProfileId): Promise<string | undefined> {
  const own = await api.whoAmI();
  if (own.profileId === id)
    return `Profile ${id} is the account of Rollcall's own API key, which is never changed.`;
  try {
    await api.get(id);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProfileApiError) || error.answer.kind !== 'not-found') throw error;
    return `There is no profile ${id} in the org. Its users have their ids in the org's own list, and in \`rollcall conflicts\`.`;
  }
}

/** Why the profile can't be theirs, by who has it now or is to have it. */
async function tieProblem(
  db: Kysely<Database>,
  person: NamedPerson,
  id: ProfileId,
  seenAs: (anchor: Anchor) => Promise<Person['kind'] | undefined>,
): Promise<string | undefined> {
  const present = await rulingOn(db, person.source, person.anchor);
  if (present?.kind === 'ignore')
    return `${person.label} is to be left alone (${wordOf(present)}). \`rollcall unignore\` ends that.`;
  const rival = await rulingOver(db, id);
  if (rival !== undefined && (rival.source !== person.source || rival.anchor !== person.anchor))
    return `Profile ${id} is to be that of ${rival.label} (${wordOf(rival)}). \`rollcall unadopt\` takes that back.`;

  const holder = (await holders(db, [id])).get(id);
  if (holder === undefined) return undefined;
  if (holder.source !== person.source)
    return `Profile ${id} is linked to ${holder.label} of source ${holder.source}. Let one source alone have this person in its scope.`;
  if (holder.anchor === person.anchor) return `Profile ${id} is theirs already.`;
  if ((await seenAs(holder.anchor)) === 'member')
    return `Profile ${id} is linked to ${holder.label}, who is there and active in ${holder.source}. It can pass on only when they have left.`;
  const theirs = await rulingOn(db, holder.source, holder.anchor);
  if (theirs?.kind === 'ignore')
    return `Profile ${id} is linked to ${holder.label}, who is to be left alone (${wordOf(theirs)}). \`rollcall unignore\` ends that.`;
  return undefined;
}

/** Keeps the word that somebody is to be left alone: what is not under way yet is dropped, and no run plans anything. */
export async function ruleIgnored(
  db: Kysely<Database>,
  person: NamedPerson,
  word: Word,
  now: Date,
): Promise<RulingOutcome> {
  const present = await rulingOn(db, person.source, person.anchor);
  if (present?.kind === 'ignore')
    return refused(`${person.label} is left alone already (${wordOf(present)}).`);
  return await keep(db, { ...namesOf(person), ...word, at: now, kind: 'ignore' }, now);
}

async function keep(db: Kysely<Database>, ruling: Ruling, now: Date): Promise<RulingOutcome> {
  const superseded = await db.transaction().execute(async (tx) => {
    await sql`LOCK TABLE rulings IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
    await keepRuling(tx, ruling);
    const because = `An operator's word came in between: ${wordOf(ruling)}.`;
    const dropped = await supersedeUnsent(tx, ruling, because);
    const details = { kind: ruling.kind, superseded: dropped.length };
    await appendAudit(tx, [{ ...entryOf(ruling), action: 'ruling.made', details }], now);
    return dropped.length;
  });
  await settleRuns(db);
  return { kind: 'ruled', superseded };
}

/** Takes a word back. @returns false where there is none of that kind on that person */
export async function takeBack(
  db: Kysely<Database>,
  ruling: Ruling,
  word: Word,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if (!(await dropRuling(tx, ruling))) return false;
    const details = { kind: ruling.kind, was: wordOf(ruling) };
    await addRevisits(tx, ruling.source, await concernedBy(tx, ruling));
    await appendAudit(tx, [{ ...entryOf(ruling), ...word, action: 'ruling.taken-back', details }], now);
    if (ruling.kind === 'adopt') {
      const isCarriedOut = (await linkOf(tx, ruling.source, ruling.anchor))?.profileId === ruling.profileId;
      if (!isCarriedOut) await supersedeUnsent(tx, ruling, 'The word that it was planned on was taken back.');
    }
    return true;
  });
}

/** Whom a word is about, and who has what it gives to somebody: without it, other things may have to be done. */
async function concernedBy(db: Kysely<Database>, ruling: Ruling): Promise<readonly { anchor: Anchor }[]> {
  const { anchor, source } = ruling;
  if (ruling.kind === 'ignore') return [{ anchor }];
  const holder = (await holders(db, [ruling.profileId])).get(ruling.profileId);
  const isAnother = holder !== undefined && holder.source === source && holder.anchor !== anchor;
  return [{ anchor }, ...(isAnother ? [{ anchor: holder.anchor }] : [])];
}

const namesOf = ({ source, anchor, label, email }: NamedPerson) => ({ source, anchor, label, email });

const entryOf = (ruling: Ruling) => ({
  actor: ruling.actor,
  source: ruling.source,
  anchor: ruling.anchor,
  profile: ruling.kind === 'adopt' ? ruling.profileId : undefined,
  email: ruling.email,
  reason: ruling.reason,
});
