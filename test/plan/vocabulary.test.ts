import { describe, expect, test } from 'vitest';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { unknownWords, vocabularyIn, vocabularyOf } from '../../src/plan/vocabulary.ts';
import { install } from '../engine/installation.ts';

const mappingWith = (more: string) =>
  `{ email: mail, username: mail, name: cn, first_name: givenName, ${more} }`;

describe('the words of an org', () => {
  test.each([
    ['plain lists', { roles: ['Admin', 'User'] }],
    [
      'objects with names',
      {
        Roles: [
          { id: 1, name: 'Admin' },
          { id: 2, name: 'User' },
        ],
      },
    ],
    [
      'pairs of value and label',
      {
        role_choices: [
          ['Admin', 'The admin'],
          ['User', 'A user'],
        ],
      },
    ],
    ['an object from value to label', { role: { Admin: 'The admin', User: 'A user' } }],
    [
      'a list inside a description',
      { actions: { POST: { role: { type: 'choice', choices: [{ value: 'Admin' }, { value: 'User' }] } } } },
    ],
  ])('are read from %s', (_shape, options) => {
    const vocabulary = vocabularyIn(options);

    expect(unknownWords({ role: 'Admin' }, vocabulary)).toEqual([]);
    expect(unknownWords({ role: 'Owner' }, vocabulary)).toMatchObject([
      { attribute: 'role', value: 'Owner' },
    ]);
  });

  test.each([
    ['a list', ['Admin']],
    ['a text', 'Admin'],
    ['nothing', null],
    ['an empty list of roles', { roles: [] }],
    ['other lists', { colours: ['red'] }],
    ['a field without choices', { actions: { POST: { role: { type: 'choice', label: 'Role' } } } }],
  ])('are not made up from %s: nothing is checked then', (_what, options) => {
    expect(unknownWords({ role: 'Owner' }, vocabularyIn(options))).toEqual([]);
  });

  test('are told apart: time zones, dashboards, roles; an id is as good as a name', () => {
    const vocabulary = vocabularyIn({ timezones: ['Europe/Vienna'], dashboards: [{ id: 7, title: 'Home' }] });

    expect(unknownWords({ timezone: 'Europe/Vienna', dashboard: 7, role: 'x' }, vocabulary)).toEqual([]);
    expect(
      unknownWords({ timezone: 'Mars/Base', dashboard: 8 }, vocabulary).map((word) => word.attribute),
    ).toEqual(['timezone', 'dashboard']);
  });

  test('are unknown where the server does not offer them, and a refused key is an error all the same', async () => {
    await using here = await install({ people: 1 });
    const signal = AbortSignal.timeout(10_000);
    const fault = here.sandbox.fault({ operation: 'options', effect: { kind: 'status', status: 404 } });
    expect((await vocabularyOf(here.engine.api, signal)).size).toBe(0);
    fault.clear();

    here.sandbox.fault({ operation: 'options', effect: { kind: 'status', status: 401 } });
    await expect(vocabularyOf(here.engine.api, signal)).rejects.toMatchObject({
      answer: { kind: 'refused' },
    });
  });
});

describe('a plan', () => {
  test.each([
    'role',
    'timezone',
    'dashboard',
  ])('leaves out those whose %s the org does not know, by name, and goes on with the others', async (attribute) => {
    const [odd] = sampleDirectory({ people: 3 });
    await using mapped = await install({
      people: 3,
      sandbox: { roles: ['Known'], timezones: ['Known'], dashboards: ['Known'] },
      config: { mapping: mappingWith(`${attribute}: 'user.mail == "${odd?.mail}" ? "Odd" : "Known"'`) },
    });

    const { run, counts } = await mapped.sync();

    expect(counts).toEqual(new Map([['done', 2]]));
    expect(await mapped.findings(run.id)).toMatchObject([
      {
        kind: 'skipped',
        email: odd?.mail,
        reason: expect.stringContaining(`Their ${attribute} "Odd" does not exist`),
      },
    ]);
  });

  test.each([
    'invite',
    'create-and-invite',
  ])('onboards nobody by %s with a role of invitations that the org does not know', async (onboard) => {
    await using here = await install({
      people: 2,
      sandbox: { roles: ['Known'] },
      config: { lifecycle: `{ onboard: ${onboard}, invite: { role: Unheard }, grace: 0s }` },
    });

    const run = await here.plan();

    expect(await here.operations(run)).toEqual([]);
    expect((await here.findings(run)).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('mend lifecycle.invite.role'),
      expect.stringContaining('mend lifecycle.invite.role'),
    ]);
  });

  test('of leavers needs no words', async () => {
    const config = { mapping: mappingWith('role: \'"Known"\'') };
    await using here = await install({ people: 2, sandbox: { roles: ['Known'] }, config });
    await here.sync();
    here.sandbox.fault({ operation: 'options', effect: { kind: 'status', status: 404 } });
    await here.publish(here.people.map((one) => ({ ...one, employeeType: 'left' as const })));

    const { counts } = await here.sync();

    expect(counts).toEqual(new Map([['done', 2]]));
  });
});
