/** Promise 3: the last active administrator is never deactivated, whoever plans it, and whoever else goes at the same moment. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { carryOutRun, type Engine } from '../../src/engine/index.ts';
import { type Installation, install } from '../engine/installation.ts';

const open = 'maxDeactivations: { count: 100 }, maxShrink: { count: 100 }';
const guards = (administrators: readonly string[]) => ({
  guards: `{ ${open}, administrators: [${administrators.join(', ')}] }`,
});

/** Who of the directory is active in the org, by number. */
const active = (here: Installation, mails: readonly string[]): readonly number[] =>
  mails.flatMap((mail, index) => (here.sandbox.find(mail)?.profile.is_active === true ? [index] : []));

const lastOf = async (here: Installation, run: Parameters<Installation['findings']>[0]) =>
  (await here.findings(run)).filter(({ reason }) => reason.includes('last active administrator'));

/** Four people in the org, of whom the first two administer it. */
async function twoOfFour(named: 'by address' | 'by role') {
  const here = await install({
    people: 4,
    config:
      named === 'by address'
        ? guards(await firstTwo())
        : { guards: `{ ${open}, administratorRoles: [Chief] }` },
    sandbox: { roles: ['Chief', 'Clerk'] },
  });
  await here.publish(here.people.map((one, index) => ({ ...one, title: index < 2 ? 'chief' : 'Clerk' })));
  await here.sync();
  return { here, mails: here.people.map(({ mail }) => mail) };
}

async function firstTwo(): Promise<readonly string[]> {
  await using here = await install({ people: 2 });
  return here.people.map(({ mail }) => mail);
}

describe.each([['by address'], ['by role']] as const)('of two administrators, named %s,', (named) => {
  test('one may leave and the other one stays, told by name, in every run after it', async () => {
    const { here, mails } = await twoOfFour(named);
    await using _ = here;
    const all = here.people;
    await here.publish(all.slice(1));
    await here.sync();
    expect(active(here, mails)).toEqual([1, 2, 3]);

    await here.publish(all.slice(2));
    const first = await here.sync();
    const second = await here.sync(mails[1]);

    expect(active(here, mails)).toEqual([1, 2, 3]);
    for (const { run } of [first, second])
      expect(await lastOf(here, run.id)).toMatchObject([{ kind: 'left', email: mails[1] }]);
  });

  test('who leave together, one is kept, and everybody else goes', async () => {
    const { here, mails } = await twoOfFour(named);
    await using _ = here;
    await here.publish(here.people.slice(3));

    const end = await here.sync();

    expect(active(here, mails).filter((index) => index < 2)).toHaveLength(1);
    expect(active(here, mails).filter((index) => index === 2)).toEqual([]);
    expect(await lastOf(here, end.run.id)).toHaveLength(1);
  });

  test('the one who is kept goes as soon as another one is there', async () => {
    const { here, mails } = await twoOfFour(named);
    await using _ = here;
    const [one, , third, fourth] = here.people;
    if (one === undefined || third === undefined || fourth === undefined) throw new Error('There are four.');
    await here.publish([third, fourth]);
    await here.sync();

    await here.publish([one, third, fourth]);
    await here.sync();
    await here.sync();

    expect(active(here, mails)).toEqual([0, 2, 3]);
  });
});

test('somebody linked to nobody, whom the configuration names, is one who stays', async () => {
  const [boss] = await firstTwo();
  await using here = await install({ people: 3, config: guards([boss ?? '', 'glass@example.org']) });
  const mails = here.people.map(({ mail }) => mail);
  const glass = here.sandbox.addUser({ email: 'glass@example.org', username: 'break-glass' });
  await here.sync();
  const all = here.people;

  await here.publish(all.slice(1));
  await here.sync();
  expect(active(here, mails)).toEqual([1, 2]);

  await here.publish(all);
  await here.sync();
  here.sandbox.editUser(glass.profile.profile_id, { is_active: false });
  await here.publish(all.slice(1));
  await here.sync();
  expect(active(here, mails)).toEqual([0, 1, 2]);
});

test('the account of the API key is no administrator who would stay', async () => {
  const [boss] = await firstTwo();
  await using here = await install({ people: 2, config: guards([boss ?? '']) });
  const mails = here.people.map(({ mail }) => mail);
  await here.sync();
  await here.publish(here.people.slice(1));

  await here.sync();

  expect(active(here, mails)).toEqual([0, 1]);
});

/** Plans that knew nothing of each other: made while the configuration named nobody. */
async function unaware(): Promise<{
  here: Installation;
  mails: readonly string[];
  aware: () => Promise<Engine>;
}> {
  const here = await install({ people: 4, config: { lifecycle: '{ grace: 0s }' } });
  const mails = here.people.map(({ mail }) => mail);
  await here.sync();
  await appendFile(
    join(here.folder, 'rollcall.yaml'),
    `guards: { administrators: [${mails.slice(0, 2).join(', ')}] }\n`,
  );
  return { here, mails, aware: () => here.another() };
}

test.each([1, 2])('two who go at the same moment leave one, attempt %i', async () => {
  const { here, mails, aware } = await unaware();
  await using _ = here;
  await here.publish(here.people.slice(2));
  const run = await here.release();
  here.sandbox.fault({ operation: 'edit', effect: { kind: 'delay', ms: 300 } });

  const engines = [await aware(), await aware()];
  await Promise.all(engines.map((engine) => carryOutRun(engine, run, AbortSignal.timeout(60_000))));

  expect(active(here, mails).filter((index) => index < 2)).toHaveLength(1);
  const states = (await here.operations(run)).map(({ state }) => state);
  expect(states.toSorted()).toEqual(['done', 'superseded']);
});

test('somebody whose deactivation may have been heard without an answer counts as gone', async () => {
  const { here, mails, aware } = await unaware();
  await using _ = here;
  await here.publish(here.people.slice(2));
  const run = await here.release();
  // The answer to the first one is lost, and until that is cleared up nobody else goes.
  here.sandbox.fault({ operation: 'edit', times: 1, effect: { kind: 'drop', when: 'after' } });

  await carryOutRun(await aware(), run, AbortSignal.timeout(60_000));

  expect(active(here, mails).filter((index) => index < 2)).toHaveLength(1);
});
