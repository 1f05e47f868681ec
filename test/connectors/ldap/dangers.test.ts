/**
 * The ways in which ldapts 9.2.0, used as it comes, can mislead a sync. Only its encoding of requests is used here, so
 * that some of them can't happen; each has a test that provokes it all the same.
 *
 * | danger | test |
 * |---|---|
 * | 1 a page without entries but with a cookie ends paging | untrustworthy: goes on over pages without entries |
 * | 2 a size limit counts as success | untrustworthy: asks for no limit; incomplete with code 4 |
 * | 3 absent attributes become empty lists; `member: []` beside `member;range=0-1499` | untrustworthy: that somebody lacks are absent keys; groups/active-directory: a list in ranges |
 * | 4 it reconnects by itself, anonymously | untrustworthy: nothing is asked again by itself |
 * | 5 half a message outlives a reconnect | untrustworthy: cut in the middle of a message, the next reading is whole |
 * | 6 after a parse error the rest is dropped, or another operation hangs | untrustworthy: with a broken entry |
 * | 7 of two operations before the connection stands one hangs | here |
 * | 8 130,000 entries in one answer throw | here |
 * | 9 a time limit of 10 s unless told | untrustworthy: asks for no limit of size or time |
 * | 10 the time-out covers a whole page; a silent StartTLS hangs for ever | untrustworthy: given up after the time-out, and said so; connecting: whose handshake hangs |
 * | 11 StartTLS to an IP address takes a certificate for another name | connecting: refused over StartTLS |
 * | 12 `ldap://` with any TLS setting means TLS at once | here |
 * | 13 text or bytes by what the bytes look like; names by their case | untrustworthy: in binary are GUID text |
 * | 14 no way to stop; referrals lose their addresses | untrustworthy: ends at once when the reading is stopped; incomplete with code 10 |
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeCertificates } from '../../servers/certificates.ts';
import { personReply, type ScriptedLdap, startScriptedLdap } from '../../servers/scripted-ldap.ts';
import { connectorToUrl, readAll } from './source.ts';

let server: ScriptedLdap | undefined;
afterEach(async () => {
  await server?.stop();
});

const uuidOf = (index: number) => `0a1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`;

test('7: readings that begin at the same moment don’t get in each other’s way', async () => {
  server = await startScriptedLdap({
    onSearch: () => [personReply(uuidOf(1)), { kind: 'done', cookie: '' }],
  });
  const connector = connectorToUrl(server.url);

  const readings = await Promise.all([1, 2, 3].map(() => readAll(connector)));

  for (const { identities, completeness } of readings) {
    expect(identities).toHaveLength(1);
    expect(completeness).toEqual({ kind: 'complete' });
  }
});

test('8: 140,000 people in one answer, without paging, are read', async () => {
  const everybody = Array.from({ length: 140_000 }, (_, index) => personReply(uuidOf(index)));
  server = await startScriptedLdap({ onSearch: () => [...everybody, { kind: 'done' } as const] });

  const { identities, completeness } = await readAll(connectorToUrl(server.url), []);

  expect(identities).toHaveLength(140_000);
  expect(completeness).toEqual({ kind: 'complete' });
}, 60_000);

test('12: TLS settings alone don’t turn ldap:// into TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-ca-'));
  try {
    const { caFile } = makeCertificates(folder);
    server = await startScriptedLdap({
      onSearch: () => [personReply(uuidOf(1)), { kind: 'done', cookie: '' }],
    });

    const { completeness } = await readAll(
      connectorToUrl(server.url, { tls: { ca: caFile, serverName: 'x' } }),
    );

    expect(completeness).toEqual({ kind: 'complete' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
