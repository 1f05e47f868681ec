import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import { keepLink, linkOf, noteInvited } from '../../src/store/people/links.ts';
import { dropRuling, keepRuling, rulingOn, rulingOver, rulings } from '../../src/store/people/rulings.ts';
import {
  findingsOf,
  keepFindings,
  keepSummary,
  latestCompleteRun,
  requestRun,
} from '../../src/store/runs/runs.ts';
import { profileId } from '../builders/org.ts';
import { anchor, sourceId } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { summary } from '../cli/render/rows.ts';
import { newStore, type TestStore } from './stores.ts';

const corp = sourceId('corp');

describe.each(['embedded', 'server'] as const)('on the %s store', (kind) => {
  let test_: TestStore;
  beforeEach(async () => {
    test_ = await newStore(kind);
    await migrate(test_.store.db);
  });
  afterEach(() => test_.end());

  test('a ruling comes back as it was kept, and a new one takes its place', async () => {
    const { db } = test_.store;
    await keepRuling(db, ruling('ann'));
    await keepRuling(db, ruling('bob', 'P-1'));

    expect(await rulings(db, corp)).toEqual([ruling('ann'), ruling('bob', 'P-1')]);
    await keepRuling(db, ruling('ann', 'P-2'));
    expect(await rulingOn(db, corp, anchor('ann'))).toEqual(ruling('ann', 'P-2'));
    expect(await rulings(db, sourceId('cloud'))).toEqual([]);
  });

  test('a profile is given to one person alone', async () => {
    const { db } = test_.store;
    await keepRuling(db, ruling('ann', 'P-1'));

    expect(await rulingOver(db, profileId('P-1'))).toMatchObject({ anchor: 'ann' });
    await expect(keepRuling(db, ruling('bob', 'P-1'))).rejects.toThrow();
  });

  test('a ruling is dropped once, and only where it is of that kind', async () => {
    const { db } = test_.store;
    await keepRuling(db, ruling('ann'));

    expect(await dropRuling(db, { source: corp, anchor: anchor('ann'), kind: 'adopt' })).toBe(false);
    expect(await dropRuling(db, ruling('ann'))).toBe(true);
    expect(await dropRuling(db, ruling('ann'))).toBe(false);
  });

  test('invitations are counted, also when the link is kept anew', async () => {
    const { db } = test_.store;
    const who = { source: corp, anchor: anchor('ann') };
    const nothing = {
      profileId: undefined,
      userId: undefined,
      email: undefined,
      employeeNumber: undefined,
      exempt: false,
      applied: {},
      unkept: {},
    };
    const invite = async () => {
      await keepLink(db, { ...who, ...nothing, label: 'uid=ann', origin: 'invited' });
      await noteInvited(db, who);
    };
    await invite();
    const first = await linkOf(db, corp, who.anchor);
    await invite();
    const second = await linkOf(db, corp, who.anchor);

    expect([first?.invitations, second?.invitations]).toEqual([1, 2]);
    expect(second?.invitedAt?.getTime()).toBeGreaterThanOrEqual(first?.invitedAt?.getTime() ?? Infinity);
  });

  test('conflicts have their kind and profile; the latest complete run is the one that saw everybody', async () => {
    const { db } = test_.store;
    const planned = async (onlyWho: string | undefined, incomplete: string | null) => {
      const run = await requestRun(db, {
        source: corp,
        mode: 'plan',
        trigger: 'hand',
        actor: 'cli:anna',
        onlyWho,
      });
      await keepSummary(db, run, summary({ incomplete }));
      await db.updateTable('runs').set({ planned_at: new Date() }).where('id', '=', run).execute();
      return run;
    };
    expect(await latestCompleteRun(db, corp)).toBeUndefined();
    const whole = await planned(undefined, null);
    await planned(undefined, 'A page was cut short.');
    await planned('ann', null);
    const about = { anchor: anchor('ann'), label: 'uid=ann', email: undefined, reason: 'Two of them.' };
    const conflict = { kind: 'email-taken', profileId: profileId('P-1') } as const;
    await keepFindings(db, whole, [
      { kind: 'conflict', ...about, conflict },
      { kind: 'left', ...about },
    ]);

    expect((await latestCompleteRun(db, corp))?.id).toBe(whole);
    expect((await findingsOf(db, whole)).map((one) => [one.conflict, one.profile_id])).toEqual([
      ['email-taken', 'P-1'],
      [null, null],
    ]);
  });
});
