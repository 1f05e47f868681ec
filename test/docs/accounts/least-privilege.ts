/** What an account that reads people must not be able to do, tried over LDAP itself. */
import { readFile } from 'node:fs/promises';
import { Client, ResultCodeError } from 'ldapts';
import { type LdapAccess, ldapChanges } from '../../servers/ldap-changes.ts';

/** The password of every account in the guides. */
export const guidePassword = 'Rollcall-reads-only-1';

/** Where directories keep passwords, and what they were. */
export const passwords = [
  'userPassword',
  'unicodePwd',
  'supplementalCredentials',
  'ntPwdHistory',
  'lmPwdHistory',
];

/** Names of the attributes that the account sees of an entry; none where it does not see the entry. */
export async function seenOf(
  { url, caFile, dn, password }: LdapAccess,
  entry: string,
): Promise<readonly string[]> {
  const client = new Client({
    url,
    ...(caFile === undefined ? {} : { tlsOptions: { ca: await readFile(caFile) } }),
  });
  try {
    await client.bind(dn, password);
    const { searchEntries } = await client.search(entry, {
      scope: 'base',
      attributes: ['*', '+', ...passwords],
    });
    // What was asked for and is not there comes as an empty list.
    return searchEntries.flatMap((found) => Object.keys(found).filter((name) => String(found[name]) !== ''));
  } catch (error) {
    if (error instanceof ResultCodeError) return [];
    throw error;
  } finally {
    await client.unbind();
  }
}

const refused = /Insufficient access|insufficientAccessRights|\(50\)/;

/** Tries to change, add and delete. @returns what was not refused for want of rights, which is to be nothing */
export async function doneBy(access: LdapAccess, person: string, parent: string): Promise<readonly string[]> {
  const { apply } = ldapChanges(access);
  const attempts: Readonly<Record<string, string>> = {
    'change an address': `dn: ${person}\nchangetype: modify\nreplace: mail\nmail: x@example.com\n`,
    'describe somebody': `dn: ${person}\nchangetype: modify\nadd: description\ndescription: x\n`,
    'delete somebody': `dn: ${person}\nchangetype: delete\n`,
    'add a container': `dn: ou=new,${parent}\nchangetype: add\nobjectClass: organizationalUnit\nou: new\n`,
  };
  const done: string[] = [];
  for (const [what, ldif] of Object.entries(attempts)) {
    const why = await apply(ldif).then(
      () => 'it was done',
      (error: unknown) => String(error),
    );
    if (!refused.test(why)) done.push(`${what}: ${why}`);
  }
  return done;
}
