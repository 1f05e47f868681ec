/** What is looked at in the end. */
import { expect } from 'vitest';
import { holdsOfContradictions } from '../../src/plan/guards/contradictions.ts';
import type { Profile } from '../../src/profile-api/profile.ts';
import type { Life, SourceName } from './life.ts';
import { type Step, step } from './step.ts';

/** Links of somebody, by any of the ids that they have had: `ann`, `ann-2`. */
const linksOf = (life: Life, who: string) =>
  life.model.links.filter(({ anchor }) => anchor.split('-')[0] === who.toLowerCase());

export function linkedProfile(life: Life, who: string): Profile | undefined {
  const ids = linksOf(life, who).map(({ profileId }) => profileId);
  return life.model.profiles.find(({ profileId }) => ids.includes(profileId));
}

/** Every profile that is or was theirs. */
function profilesOf(life: Life, who: string): readonly Profile[] {
  const ids = linksOf(life, who).map(({ profileId }) => profileId);
  const isTheirs = ({ profileId, email }: Profile): boolean =>
    ids.includes(profileId) || email?.split('@')[0]?.split('.')[0] === who.toLowerCase();
  return life.model.profiles.filter(isTheirs);
}

const onlyProfile = (life: Life, who: string): Profile => {
  const [one, ...others] = profilesOf(life, who);
  if (one === undefined || others.length > 0)
    throw new Error(`${who} has ${others.length + (one === undefined ? 0 : 1)} profiles.`);
  return one;
};

export const isActive = (who: string): Step =>
  step(`${who} has one profile, and it is active`, (life) => {
    expect(onlyProfile(life, who).isActive).toBe(true);
  });

export const isInactive = (who: string): Step =>
  step(`${who} has one profile, and it is deactivated`, (life) => {
    expect(onlyProfile(life, who).isActive).toBe(false);
  });

export const hasNoProfile = (who: string): Step =>
  step(`${who} has no profile`, (life) => {
    expect(profilesOf(life, who)).toEqual([]);
  });

export const hasProfiles = (who: string, count: number): Step =>
  step(`there are ${count} profiles of the name ${who}`, (life) => {
    expect(profilesOf(life, who)).toHaveLength(count);
  });

export const shows = (who: string, attribute: string, value: string | undefined): Step =>
  step(
    value === undefined
      ? `the profile of ${who} has no ${attribute}`
      : `the profile of ${who} says ${attribute}: ${value}`,
    (life) => {
      const { attributes, email } = onlyProfile(life, who);
      expect(attribute === 'email' ? email : attributes[attribute]).toBe(value);
    },
  );

export const belongsTo = (who: string, source: SourceName): Step =>
  step(`the profile of ${who} is kept by ${source}`, (life) => {
    const { profileId } = onlyProfile(life, who);
    const holders = life.model.links.filter((link) => link.profileId === profileId);
    expect(holders.map((link) => String(link.source))).toEqual([source]);
  });

/** @param phrase - a part of the sentence */
export const waitsForApproval = (source: SourceName, who: string, phrase: string): Step =>
  step(`the deactivation of ${who} by ${source} waits for approval: “… ${phrase} …”`, (life) => {
    const holds = holdsOfContradictions(life.latest.get(source)?.operations ?? []);
    const own = holds.filter(({ anchors = [] }) =>
      anchors.some((id) => id.split('-')[0] === who.toLowerCase()),
    );
    expect(own).toMatchObject([{ sentence: expect.stringContaining(phrase) }]);
  });

/** @param phrase - a part of the sentence */
export const isTold = (
  source: SourceName,
  who: string,
  kind: 'waiting' | 'left' | 'conflict' | 'skipped',
  phrase: string,
): Step =>
  step(`of ${who} the run of ${source} says (${kind}): “… ${phrase} …”`, (life) => {
    const about = life.latest
      .get(source)
      ?.findings.filter(({ anchor }) => anchor?.split('-')[0] === who.toLowerCase());
    expect(about).toContainEqual(expect.objectContaining({ kind, reason: expect.stringContaining(phrase) }));
  });

export const wasNeverTouched = (who: string): Step =>
  step(`nothing was ever done to the profile of ${who}`, (life) => {
    const ids = profilesOf(life, who).map(({ profileId }) => String(profileId));
    expect(life.deeds.filter(({ profileId }) => profileId !== undefined && ids.includes(profileId))).toEqual(
      [],
    );
  });

/** Nobody was deactivated and brought back in passing. */
export const wasNeverDeactivated = (who: string): Step =>
  step(`at no time was ${who} deactivated`, (life) => {
    const { profileId } = onlyProfile(life, who);
    const against = life.deeds.filter((deed) => deed.profileId === profileId && deed.kind === 'deactivate');
    expect(against).toEqual([]);
  });

export const wasDone = (...kinds: readonly string[]): Step =>
  step(`what was done is, in order: ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}`, (life) => {
    expect(life.deeds.map(({ kind }) => kind)).toEqual(kinds);
  });

/** For how long from now on, in hours, nothing but time passes. */
export const isLookedAtAgain = (source: SourceName, who: string, when: Date): Step =>
  step(`${who} is looked at again on ${when.toISOString().slice(0, 16).replace('T', ' ')} UTC`, (life) => {
    const revisits = life.latest.get(source)?.revisits ?? [];
    const own = revisits.find(({ anchor }) => anchor.split('-')[0] === who.toLowerCase());
    expect(own?.notBefore).toEqual(when);
  });
