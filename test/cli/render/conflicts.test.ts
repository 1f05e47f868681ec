import { describe, expect, it } from 'vitest';
import { renderConflicts } from '../../../src/cli/render/conflicts.ts';
import type { Anchor } from '../../../src/identity/identity.ts';
import { conflictsJson } from '../../../src/json/index.ts';
import type { ProfileId } from '../../../src/profile-api/profile.ts';
import { conflictKinds } from '../../../src/store/people/conflict.ts';
import { ruling } from '../../builders/ruling.ts';
import { now, pipe, plain, storedFinding, storedRun } from './rows.ts';

const view = (about: Partial<Parameters<typeof conflictsJson>[0]> = {}) =>
  conflictsJson({
    source: 'corp',
    run: storedRun({ planned_at: new Date('2026-03-01T11:00:00Z') }),
    conflicts: [],
    rulings: [],
    ...about,
  });

const held = storedFinding({
  conflict: 'email-held-by-other-person',
  profile_id: 'P-7' as ProfileId,
  anchor: 'a-1' as Anchor,
});

describe('the list of conflicts', () => {
  it('stands by kind, each with its remedy ready to be copied', () => {
    const text = plain(renderConflicts([view({ conflicts: [storedFinding(), held] })], pipe, now));

    expect(text).toContain('corp: 2 in conflict, as run k3v9m2wt found 1 hour ago');
    expect(text).toContain('rollcall adopt a-1 --profile P-7 --reason "..."');
    expect(text.indexOf('several-profiles')).toBeLessThan(text.indexOf('email-held-by-other-person'));
  });

  it('has a title and a remedy for every kind', () => {
    for (const conflict of conflictKinds) {
      const text = plain(renderConflicts([view({ conflicts: [storedFinding({ conflict })] })], pipe, now));
      expect(text).toContain(`(${conflict})`);
      expect(text).toMatch(/rollcall (adopt|unadopt|ignore) /);
    }
  });

  it('says that there is none, and that nobody has looked yet', () => {
    expect(plain(renderConflicts([view()], pipe, now))).toContain('nobody is in conflict');
    expect(plain(renderConflicts([view({ run: undefined })], pipe, now))).toContain(
      'no run has seen everybody yet',
    );
  });

  it('names what operators said', () => {
    const text = plain(
      renderConflicts([view({ rulings: [ruling('ann'), ruling('bob', 'P-9')] })], pipe, now),
    );

    expect(text).toContain('ann@example.com  (uid=ann) is left alone');
    expect(text).toContain('is to have profile P-9');
    expect(text).toContain('cli:olga: HR told me.');
  });

  it('is the same as JSON', () => {
    expect(view({ conflicts: [held], rulings: [ruling('bob', 'P-9')] })).toMatchObject({
      source: 'corp',
      run: { id: 'k3v9m2wt' },
      conflicts: [{ conflict: 'email-held-by-other-person', profileId: 'P-7', anchor: 'a-1' }],
      rulings: [{ kind: 'adopt', profileId: 'P-9', actor: 'cli:olga' }],
    });
  });
});
