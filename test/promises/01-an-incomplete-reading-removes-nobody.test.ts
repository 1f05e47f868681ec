/** Promise 1: in the comparison, where it is kept, and in whole runs, with the source attacked from outside. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { anyCase, situationOf } from '../builders/generated.ts';
import { carryOut } from '../builders/model.ts';
import { link, profile } from '../builders/org.ts';
import { leaver, person } from '../builders/people.ts';
import { after, deeds, hours, noon, reconcile, remarks } from '../builders/run.ts';
import { installEntra } from '../engine/entra-installation.ts';
import { install } from '../engine/installation.ts';
import { stage, summaryOf } from '../plan/delta/stage.ts';
import type { Misfortune } from '../servers/entra/faults.ts';

const incomplete = 'The connection broke off after 500 entries.';

describe('an incomplete reading', () => {
  const profiles = ['ann', 'bob', 'eve'].map((id) => profile({ id: `P-${id}`, email: `${id}@example.com` }));
  const links = ['ann', 'bob', 'eve'].map((id) => link({ id }));

  test('that is empty removes nobody', () => {
    expect(reconcile({ profiles, links, incomplete }).operations).toEqual([]);
  });

  test('removes nobody whom a look-up calls gone, although the grace is over', () => {
    const ran = reconcile({
      profiles,
      links: links.map((one) => ({ ...one, absentSince: noon })),
      absences: { ann: { kind: 'gone' }, bob: { kind: 'gone' }, eve: { kind: 'gone' } },
      now: after(noon, hours(1_000)),
      incomplete,
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: waiting', 'bob: waiting', 'eve: waiting']);
    for (const { reason } of ran.findings) expect(reason).toContain(incomplete);
  });

  // A permission that shrank hides attributes: then everybody is out of scope, by the reading's own word.
  test('removes nobody whom it shows as disabled or out of scope', () => {
    const ran = reconcile({
      people: [leaver('ann', 'disabled'), leaver('bob', 'out-of-scope')],
      profiles,
      links,
      incomplete,
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: waiting', 'bob: waiting']);
  });

  test('lets people join and updates them all the same', () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Head' } }), person({ anchor: 'joe' }), leaver('eve')],
      profiles,
      links,
      incomplete,
    });

    expect(deeds(ran)).toEqual(['ann: edit', 'joe: create']);
  });
});

test('whatever was read before it broke off, everybody who was active still is', () => {
  const cut = anyCase.chain((given) =>
    fc.record({ given: fc.constant(given), people: fc.subarray([...given.people]) }),
  );
  fc.assert(
    fc.property(cut, ({ given, people }) => {
      const plan = reconcile({ ...situationOf(given), people, incomplete });
      const then = carryOut(given.model, plan, noon).profiles;

      for (const [index, before] of given.model.profiles.entries())
        if (before.isActive) expect(then[index]?.isActive).toBe(true);
      expect(then.length).toBeGreaterThanOrEqual(given.model.profiles.length);
    }),
    { numRuns: 1_000 },
  );
});

describe('a run on a source that', () => {
  const attacks: readonly (readonly [string, (ldif: string) => string, string | undefined])[] = [
    ['is empty', () => '', 'holds no entry'],
    ['was cut in the middle of a record', (ldif) => ldif.slice(0, Math.floor(ldif.length / 2)), undefined],
    [
      'was cut between two records',
      (ldif) => `${ldif.split('\n\n').slice(0, 8).join('\n\n')}\n`,
      'people are gone',
    ],
    [
      'is of another kind',
      (ldif) => ldif.replaceAll('inetOrgPerson', 'device').replaceAll('person', 'thing'),
      undefined,
    ],
    ['lost its ids', (ldif) => ldif.replaceAll(/^entryUUID.*$/gm, ''), undefined],
  ];

  test.each(attacks)('%s deactivates nobody', async (_, attack, reason) => {
    await using here = await install({
      people: 24,
      config: { guards: '{ maxDeactivations: { count: 100, percent: 100 } }' },
    });
    await here.sync();
    await here.publishText(attack(toLdif(here.people)));

    const run = await here.request('apply');
    const conducted = await here.conduct(run);

    const told = conducted.kind === 'planned' ? conducted.summary.incomplete : String(conducted);
    expect(told).toContain(reason ?? '');
    expect(conducted.kind === 'planned' ? told : 'failed').not.toBeNull();
    if (conducted.kind === 'planned') await here.carryOut(run);
    expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toEqual([]);
  });
});

const refusal = { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } };

test('whole readings and deltas of an Entra tenant that break off, lack people or lose their rights deactivate nobody', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `Person${index}`);
  await using here = await installEntra({
    people: names,
    tenant: { deltaPageSize: 4 },
    config: {
      lifecycle: '{ grace: 0s }',
      guards: '{ maxDeactivations: { count: 100, percent: 100 }, maxShrink: { percent: 100 } }',
    },
  });
  const { faults, options, registration } = here.entra;
  const { roles } = registration;
  await here.run('full');
  const onPage = (page: number, misfortune: Misfortune): void =>
    faults.add({ on: /GET \/users\/delta/, after: page, misfortune });
  const attacks: Readonly<Record<string, () => void>> = {
    'a page that is refused': () => onPage(1, { kind: 'answer', status: 403, body: refusal }),
    'a link to another host': () => onPage(1, { kind: 'link', to: 'https://elsewhere.example/v1.0/users' }),
    'a link in circles': () => onPage(1, { kind: 'loop' }),
    'pages without users': () =>
      faults.add({
        on: /GET \/users\/delta/,
        times: 9,
        misfortune: { kind: 'change', with: (body) => ({ ...body, value: [] }) },
      }),
    'users without ids': () =>
      onPage(0, { kind: 'change', with: (body) => ({ ...body, value: [{ displayName: 'Nobody' }] }) }),
    'fewer users than Graph counts': () => {
      options.countTold = 60;
    },
    'rights that are gone': () => {
      registration.roles = [];
    },
  };

  for (const [attack, begin] of Object.entries(attacks)) {
    for (const reading of ['full', 'delta'] as const) {
      begin();
      const { deeds, summary, error } = await here.run(reading);
      faults.clear();
      options.countTold = undefined;
      registration.roles = roles;

      expect(deeds, `${attack}, ${reading}`).toEqual([]);
      if (reading === 'full') expect(error ?? summary?.incomplete, attack).not.toBeNull();
    }
  }
  expect(names.every((name) => here.isActive(name))).toBe(true);
});

test.each([
  ['breaks off', 'broken'],
  ['ends without a word', 'silence'],
  ['is lost, and the whole reading in its place is cut short', 'cursor-lost'],
] as const)('a delta that tells that everybody was deleted, and then %s, deactivates nobody', async (_, end) => {
  await using delta = await stage({
    config: { guards: '{ maxDeactivations: { count: 100, percent: 100 }, maxShrink: { percent: 100 } }' },
  });
  const ids = ['ann', 'bob', 'cho', 'dan'];
  for (const id of ids) delta.source.put(id);
  await delta.run('full');
  for (const id of ids) delta.source.take(id, 'deleted');
  delta.source.nextEnd(end);
  if (end === 'cursor-lost') {
    delta.source.put('ann');
    delta.source.cutNextReading();
  }

  const run = await delta.run('delta');

  expect(await delta.deeds(run)).toEqual([]);
  expect((await summaryOf(delta, run))?.incomplete).not.toBeNull();
  expect(ids.map((id) => delta.sandbox.find(`${id}@example.com`)?.profile.is_active)).toEqual(
    ids.map(() => true),
  );
});
