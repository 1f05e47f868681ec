/** docs/connectors/active-directory.md: a plain account, made by the commands of the page, reads people and can do nothing else. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectorToSamba, readAll } from '../../connectors/ldap/source.ts';
import { requireProgram } from '../../servers/programs.ts';
import { type Samba, startSamba } from '../../servers/samba.ts';
import { readDocuments } from '../markdown.ts';
import { startedBy } from '../shell.ts';
import { doneBy, guidePassword, passwords, seenOf } from './least-privilege.ts';

let samba: Samba;
let realm: string;

beforeAll(async () => {
  samba = await startSamba({ people: 40 });
  realm = samba.adminName.split('@')[1] ?? '';
  const page = (await readDocuments()).find(({ file }) => file === 'docs/connectors/active-directory.md');
  const blocks = (page?.blocks ?? []).filter(({ text }) => text.startsWith('samba-tool'));
  for (const [, ...args] of (await Promise.all(blocks.map(({ text }) => startedBy(text)))).flat()) {
    const here = [
      ...['-H', samba.ldapsUrl, `--simple-bind-dn=${samba.adminName}`, `--password=${samba.adminPassword}`],
      '--option=tls verify peer=no_check',
    ];
    execFileSync(requireProgram('samba-tool'), [...args, ...here], { stdio: 'pipe' });
  }
}, 120_000);
afterAll(async () => await samba.stop());

const account = () => ({
  ...{ url: samba.ldapsUrl, caFile: samba.caFile },
  ...{ dn: `rollcall@${realm}`, password: guidePassword },
});

const first = async () =>
  (await readAll(connectorToSamba(samba, { bindDn: account().dn, password: guidePassword }))).identities[0]
    ?.label ?? '';

test('it reads everybody, completely', async () => {
  const connector = connectorToSamba(samba, { bindDn: account().dn, password: guidePassword });
  const { identities, completeness } = await readAll(connector);

  expect(completeness).toEqual({ kind: 'complete' });
  expect(identities).toHaveLength(40);
});

test('it sees what marks a person, and no password; it can change nobody', async () => {
  const dn = await first();
  const seen = await seenOf(account(), dn);

  expect(seen).toEqual(expect.arrayContaining(['objectGUID', 'mail', 'userAccountControl']));
  expect(seen.filter((name) => passwords.includes(name))).toEqual([]);
  expect(await doneBy(account(), dn, samba.peopleDn)).toEqual([]);
});
