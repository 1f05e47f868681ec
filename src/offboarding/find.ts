/** Finds whom a word is about, among those whom Rollcall looks after. */
import type { Kysely } from 'kysely';
import type { Config } from '../../config/schema.ts';
import type { SourceId } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import { emailKey, wordOf } from '../reconcile/index.ts';
import { linksCalled, linksNamed } from '../store/people/find-links.ts';
import type { Link } from '../store/people/link.ts';
import { rulingOn } from '../store/people/rulings.ts';
import type { Database } from '../store/schema.ts';
import { type Answer, nameOf, type Who } from './word.ts';

export type Found =
  | { readonly kind: 'found'; readonly link: Link }
  | { readonly kind: 'not'; readonly answer: Answer };

const not = (outcome: Answer['outcome'], sentence: string): Found => ({
  kind: 'not',
  answer: { outcome, sentence },
});

export async function findPerson(
  db: Kysely<Database>,
  sources: readonly SourceId[],
  who: Who,
): Promise<Found> {
  const within = who.source === undefined ? sources : sources.filter((source) => source === who.source);
  if (within.length === 0)
    return not('unknown', `There is no source ${who.source}. The configuration has ${sources.join(', ')}.`);
  const found =
    who.kind === 'any' ? await linksCalled(db, within, who.name) : await linksNamed(db, within, who);
  const [link, ...others] = found;
  if (link === undefined)
    return not(
      'unknown',
      `Nobody whom Rollcall looks after is called ${nameOf(who)} (${within.join(', ')}): no e-mail, login, id or employee number is the same. Nothing was done.`,
    );
  if (others.length === 0) return { kind: 'found', link };
  const all = found.map(({ anchor, label, source }) => `${anchor} (${label}, source ${source})`).join('; ');
  return not(
    'several',
    `${found.length} people are called ${nameOf(who)}: ${all}. Name one by that id, or by their source. Nothing was done.`,
  );
}

/** Why somebody is not offboarded by anybody's word; undefined where nothing stands against it. */
export async function refusal(
  db: Kysely<Database>,
  link: Link,
  { guards }: Pick<Config, 'guards'>,
  ownProfile: ProfileId | undefined,
): Promise<string | undefined> {
  const { label, profileId, source, anchor } = link;
  if (profileId !== undefined && profileId === ownProfile)
    return `The profile of ${label} is the account of Rollcall's own API key, which is never changed. Give Rollcall a key of its own.`;
  const names = [link.email, link.applied.email].flatMap((email) =>
    typeof email === 'string' ? [emailKey(email)] : [],
  );
  const isProtected = guards.protected.some((name) => name === profileId || names.includes(emailKey(name)));
  if (isProtected)
    return `guards.protected names ${label}. Deactivate them by hand, or take them off the list.`;
  const ruling = await rulingOn(db, source, anchor);
  if (ruling?.kind === 'ignore')
    return `${label} is to be left alone (${wordOf(ruling)}). \`rollcall unignore\` ends that.`;
  return undefined;
}
