/** What happens to people: in their directory, in the org, and as time goes by. */
import type { AttributeValue, Profile, ProfileId } from '../../src/profile-api/profile.ts';
import type { Absence } from '../../src/reconcile/index.ts';
import { profile } from '../builders/org.ts';
import { anchor, sourceId } from '../builders/people.ts';
import { hours, noon } from '../builders/run.ts';
import type { Entry, Life, SourceName } from './life.ts';
import { linkedProfile } from './look.ts';
import { type Step, step } from './step.ts';

type Changes = Partial<Omit<Entry, 'id' | 'attributes'>> & {
  readonly id?: string;
  readonly title?: string;
  readonly department?: string;
  readonly name?: string;
};

const idOf = (who: string): string => who.toLowerCase();
export const addressOf = (who: string): string => `${idOf(who)}@example.com`;

/** Times are given in hours from the noon at which each story begins. */
export const at = (hoursFromNoon: number): Date => new Date(noon.getTime() + hours(hoursFromNoon));

const day = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function details({ id, mail, employeeNumber, isDisabled, leaveAt, startAt, title, department }: Changes) {
  const all = [
    id === undefined ? [] : [`with the id ${id}`],
    mail === undefined ? [] : [`e-mail ${mail}`],
    employeeNumber === undefined ? [] : [`employee number ${employeeNumber}`],
    title === undefined ? [] : [`title ${title}`],
    department === undefined ? [] : [`department ${department}`],
    isDisabled === true ? ['disabled'] : [],
    startAt === undefined ? [] : [`begins on ${day(startAt)}`],
    leaveAt === undefined ? [] : [`leaves on ${day(leaveAt)}`],
  ].flat();
  return all.length === 0 ? '' : `: ${all.join(', ')}`;
}

/** Somebody is entered in a directory, or what it says of them changes. */
function put(life: Life, who: string, source: SourceName, changes: Changes): void {
  const { id = idOf(who), title, department, name, ...rest } = changes;
  const known = life.entries(source).get(id);
  const attributes = {
    cn: [name ?? known?.attributes?.cn?.[0] ?? who],
    ...known?.attributes,
    ...(name === undefined ? {} : { cn: [name] }),
    ...(title === undefined ? {} : { title: [title] }),
    ...(department === undefined ? {} : { ou: [department] }),
  };
  const mail = 'mail' in rest ? rest.mail : (known?.mail ?? addressOf(who));
  life.entries(source).set(id, { ...known, ...rest, id, mail, attributes });
}

export const isIn = (source: SourceName, who: string, changes: Changes = {}): Step =>
  step(`${who} is entered in ${source}${details(changes)}`, (life) => put(life, who, source, changes));

export const changes = (source: SourceName, who: string, to: Changes, says: string): Step =>
  step(says, (life) => put(life, who, source, to));

export const isDisabled = (source: SourceName, who: string): Step =>
  step(`${who}'s account in ${source} is disabled`, (life) => put(life, who, source, { isDisabled: true }));

export const isEnabled = (source: SourceName, who: string): Step =>
  step(`${who}'s account in ${source} is enabled again`, (life) =>
    put(life, who, source, { isDisabled: false }),
  );

const disappears = (source: SourceName, who: string, says: string, absence: Absence, id = idOf(who)): Step =>
  step(says, (life) => {
    life.entries(source).delete(id);
    life.lookups.set(id, absence);
  });

export const isGone = (source: SourceName, who: string, id?: string): Step =>
  disappears(source, who, `${who}'s entry is gone from ${source}`, { kind: 'gone' }, id);

export const isDeleted = (source: SourceName, who: string): Step =>
  disappears(source, who, `${source} says itself that ${who}'s entry was deleted`, { kind: 'deleted' });

export const isHidden = (source: SourceName, who: string): Step =>
  disappears(source, who, `${source} shows ${who} no more, but has them when asked by their id`, {
    kind: 'still-there',
  });

export const isDoubtful = (source: SourceName, who: string): Step =>
  disappears(source, who, `${source} shows ${who} no more, and can't say whether they are gone`, {
    kind: 'unknown',
    reason: 'The server is busy.',
  });

export const isBack = (source: SourceName, who: string, more: Changes = {}): Step =>
  step(`${who} is in ${source} again${details(more)}`, (life) => {
    life.lookups.delete(more.id ?? idOf(who));
    put(life, who, source, more);
  });

export const pass = (count: number, unit: 'hours' | 'days' | 'minutes' = 'hours'): Step =>
  step(`${count} ${count === 1 ? `${unit.slice(0, -1)} passes` : `${unit} pass`}`, (life) =>
    life.pass(hours(count) * (unit === 'days' ? 24 : unit === 'minutes' ? 1 / 60 : 1)),
  );

export const runs = (...sources: readonly SourceName[]): Step =>
  step(sources.length === 1 ? `${sources[0]} is read` : `${sources.join(' and then ')} are read`, (life) => {
    for (const source of sources) life.run(source);
  });

export const breaksOff = (source: SourceName): Step =>
  step(`the reading of ${source} breaks off half-way`, (life) => {
    life.run(source, 'broken-off');
  });

export const isDown = (source: SourceName): Step =>
  step(`${source} can't be read at all`, (life) => {
    life.run(source, 'failed');
  });

export const accepts = (who: string): Step => step(`${who} accepts the invitation`, (life) => life.accept());

function inOrg(life: Life, who: string, change: (one: Profile) => Profile | undefined): void {
  const own = linkedProfile(life, who);
  const profiles = life.model.profiles.flatMap((one) => (one === own ? (change(one) ?? []) : [one]));
  life.model = { ...life.model, profiles };
}

const setActive = (one: Profile, isActive: boolean): Profile => ({
  ...one,
  isActive,
  attributes: { ...one.attributes, is_active: isActive },
});

export const isBlockedByHand = (who: string): Step =>
  step(`an administrator blocks ${who} in the org`, (life) =>
    inOrg(life, who, (one) => setActive(one, false)),
  );

export const isUnblockedByHand = (who: string): Step =>
  step(`an administrator unblocks ${who} in the org`, (life) =>
    inOrg(life, who, (one) => setActive(one, true)),
  );

export const isDeletedByHand = (who: string): Step =>
  step(`an administrator deletes ${who}'s profile in the org`, (life) => inOrg(life, who, () => undefined));

export const isEditedByHand = (who: string, attribute: string, value: AttributeValue): Step =>
  step(`an administrator changes ${who}'s ${attribute} in the org to ${String(value)}`, (life) =>
    inOrg(life, who, (one) => ({ ...one, attributes: { ...one.attributes, [attribute]: value } })),
  );

/** A profile that nobody made by Rollcall. */
export const isInOrg = (
  who: string,
  more: { readonly isActive?: boolean; readonly id?: string } = {},
): Step =>
  step(
    `the org has ${more.isActive === false ? 'a blocked' : 'a'} profile with ${who}'s address that somebody made by hand`,
    (life) => {
      const { isActive = true, id = `P-hand-${idOf(who)}` } = more;
      const made = profile({ id, email: addressOf(who), isActive });
      life.model = { ...life.model, profiles: [...life.model.profiles, made] };
    },
  );

export const isOwnAccount = (who: string): Step =>
  step(`the API key of Rollcall is that of ${who}'s account in the org`, (life) => {
    const made = profile({ id: 'P-key', email: addressOf(who) });
    life.model = { ...life.model, profiles: [...life.model.profiles, made] };
  });

const ruledBy = { actor: 'cli:hanna', reason: 'HR told me.', at: noon } as const;

export const isLeftAlone = (source: SourceName, who: string): Step =>
  step(`an operator says that ${who} is to be left alone`, (life) => {
    const whose = { source: sourceId(source), anchor: anchor(idOf(who)), label: `uid=${idOf(who)}` };
    life.rulings.push({ ...whose, ...ruledBy, email: addressOf(who), kind: 'ignore' });
  });

export const isGiven = (source: SourceName, id: string, whose: string): Step =>
  step(`an operator says that ${whose}'s profile is that of ${id}`, (life) => {
    const profileId: ProfileId | undefined = linkedProfile(life, whose)?.profileId;
    if (profileId === undefined) throw new Error(`${whose} has no profile.`);
    const about = { source: sourceId(source), anchor: anchor(id), label: `uid=${id}` };
    life.rulings.push({ ...about, ...ruledBy, email: undefined, kind: 'adopt', profileId });
  });
