/** The configuration in words: every key that decides about people is spoken of, and no secret is. */
import { describe, expect, test } from 'vitest';
import { configInWords, configJsonSchema } from '../../config/index.ts';
import type { JsonSchema } from '../../config/json-schema.ts';
import { type Config, configSchema } from '../../config/schema.ts';

const minimal = {
  profileApi: { url: 'https://app.example.com', apiKey: 'Corr3ct-h0rse' },
  sources: [
    {
      ...{ id: 'corp', type: 'ldap', url: 'ldaps://ldap.example.com', baseDn: 'ou=people,dc=example,dc=com' },
      ...{ bindDn: 'cn=reader', password: 'Corr3ct-h0rse' },
    },
  ],
};

const configured = (more: object = {}): Config => configSchema.parse({ ...minimal, ...more });
const textOf = (config: Config): string =>
  configInWords(config)
    .flatMap(({ title, sentences }) => [title, ...sentences.map(({ text }) => text)])
    .join('\n');

function leaves(schema: JsonSchema | undefined, path: string): readonly string[] {
  if (schema?.properties === undefined) return [path];
  return Object.entries(schema.properties).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`));
}

describe.each(['lifecycle', 'guards', 'offboarding', 'notify'])('%s', (section) => {
  const schema = configJsonSchema().properties?.[section];

  test.each(leaves(schema, section))('%s is spoken of', (path) => {
    const keys = configInWords(configured()).flatMap(({ sentences }) => sentences.map(({ key }) => key));

    expect(keys.some((key) => path === key || path.startsWith(`${key}.`))).toBe(true);
  });
});

test('what somebody from HR would ask is answered in their words', () => {
  const text = textOf(
    configured({
      scope: 'user.department != "External"',
      lifecycle: { grace: '36h', reactivate: 'never', onboard: 'invite', purgeAfter: '90d' },
      guards: { protected: ['boss@example.com'], sentinels: ['anna@example.com'], approval: { people: 2 } },
    }),
  );

  for (const sentence of [
    'People are read from the directory at ldaps://ldap.example.com, under ou=people,dc=example,dc=com.',
    'No clock reads it',
    'whoever this is true of belongs in the org: user.department != "External"',
    'is invited by mail',
    'deactivated after 36 hours if they stay away',
    'Whoever comes back stays inactive',
    'deleted for good 90 days after',
    'boss@example.com is never deactivated',
    'Where anna@example.com can’t be seen, nobody is removed',
    'more than 5 people or 5 %, whichever is more,',
    'the approval of two different people',
    'email is mail.',
  ])
    expect(text).toContain(sentence);
});

test('lengths of time are told in words, also where no sentence is made for them', () => {
  const text = textOf(configured({ guards: { quarantine: { firstTry: '15m', lastTry: '24h' } } }));

  expect(text).toContain('twice as long each time: 15 minutes.');
  expect(text).toContain('The longest time between two tries: 1 day.');
});

test('the hand-over between sources is told as it is configured', () => {
  const text = textOf(configured({ correlation: ['email', 'employee-number'] }));

  expect(text).toContain('the same e-mail address, or else employee number, as that of somebody who is gone');
  expect(text).toContain('they are known again by their employee number');
  expect(textOf(configured())).toContain('is not known again in another one');
});

test('whose value of an attribute counts is told beside it', () => {
  const sources = [...minimal.sources, { id: 'export', type: 'ldif', file: 'people.ldif' }];
  const text = textOf(configured({ sources, precedence: { name: ['export', 'corp'] } }));

  expect(text).toContain(
    'name is cn. Of somebody who is in several sources, the value of export counts, then of corp, whichever first has any.',
  );
});

test('no secret is in it', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  const text = textOf(configured({ webhooks: { offboarding: { secrets: [secret] } } }));

  expect(text).toContain('An HR system can call Rollcall');
  expect(text).not.toContain('Corr3ct-h0rse');
  expect(text).not.toContain(secret);
});

test('each way of leaving is told as it is treated, and none otherwise', () => {
  const leaver = {
    disabled: { after: '7d' },
    deleted: 'ignore',
    outOfScope: 'ignore',
    absent: { after: '3d' },
  };
  const text = textOf(configured({ lifecycle: { leaver } }));

  for (const sentence of [
    'says to have left is deactivated once it has been so for 7 days.',
    'calls deleted is named in each run, and nothing is done.',
    'Whoever is out of scope is named in each run, and nothing is done.',
    'looked up once more by their id, and is deactivated once it has been so for 3 days.',
  ])
    expect(text).toContain(sentence);
  expect(text).not.toContain('is deactivated in the next run');
  expect(text).not.toContain('24 hours');
});
