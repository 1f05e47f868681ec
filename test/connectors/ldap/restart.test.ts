import { expect, test } from 'vitest';
import type { Completeness, ReadingPart } from '../../../connectors/connector.ts';
import { readFromServers, type ServerReadingPart } from '../../../connectors/ldap/people/restart.ts';
import { ldapSource } from './source.ts';

const [first, second] = ['ldap://one.example.com', 'ldap://two.example.com'].map((url) =>
  ldapSource({ url, baseDn: 'ou=people', tls: { allowPlaintext: true } }),
);

async function completenessOf(parts: Readonly<Record<string, ServerReadingPart>>): Promise<Completeness> {
  if (first === undefined || second === undefined) throw new Error('There are two servers.');
  const readFrom = async function* ({ url }: { readonly url: string }): AsyncGenerator<ServerReadingPart> {
    const part = parts[url];
    if (part !== undefined) yield part;
  };
  let last: ReadingPart | undefined;
  for await (const part of readFromServers([first, second], readFrom, () => undefined)) last = part;
  if (last?.kind !== 'end') throw new Error('It had no end.');
  return last.completeness;
}

const broken = { kind: 'broken', reason: 'The connection was lost.' } as const;
const whole = { kind: 'end', completeness: { kind: 'complete' } } as const;
const groupsUnknown = 'More of the groups could not be asked for.';

// The story: the first server died while groups were asked for, and whoever it had handed on seemed to be in none.
test('whoever came from a broken reading with groups half known makes the reading after it incomplete', async () => {
  const completeness = await completenessOf({
    'ldap://one.example.com': { ...broken, groupsUnknown },
    'ldap://two.example.com': whole,
  });

  expect(completeness).toEqual({ kind: 'incomplete', reason: groupsUnknown, groupsUnknown });
});

test('a broken reading whose groups were known is made good by the next server', async () => {
  expect(await completenessOf({ 'ldap://one.example.com': broken, 'ldap://two.example.com': whole })).toEqual(
    { kind: 'complete' },
  );
});

test('where every server breaks, what is not known of groups is told with it', async () => {
  const all = { ...broken, groupsUnknown };

  expect(
    await completenessOf({ 'ldap://one.example.com': all, 'ldap://two.example.com': broken }),
  ).toMatchObject({ kind: 'incomplete', groupsUnknown });
});
