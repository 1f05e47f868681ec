/** What takes long tells how far it is, on a terminal, and takes its line away at the end. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit/index.ts';
import { auditExport, auditVerify } from '../../src/cli/commands/audit.ts';
import { backup } from '../../src/cli/commands/backup.ts';
import { install } from '../engine/installation.ts';
import { sessionOf } from './session.ts';

const eraseLine = '\r\u001b[K';

test('verifying and exporting the audit log, and saving the org', async () => {
  await using here = await install({ people: 3 });
  here.sandbox.fault({ operation: 'downloadCsv', effect: { kind: 'status', status: 404 } });
  const entries = Array.from(
    { length: 2_500 },
    () => ({ actor: 'cli:anna', action: 'run.requested' }) as const,
  );
  await audit(here.engine.store.db, entries, new Date());
  const { session, told } = sessionOf(here, { isTerminal: true });
  const out = join(here.folder, 'log.jsonl');

  expect(await auditVerify(session, {})).toBe(0);
  expect(await auditExport(session, { format: 'jsonl', out })).toBe(0);
  expect(await backup(session)).toBe(0);

  const drawn = told.filter((text) => text.startsWith(eraseLine) && text !== eraseLine);
  expect(drawn).toEqual([
    expect.stringMatching(/Verifying the audit log .*█ {2}2500\/2500 entries/),
    expect.stringMatching(/Exporting the audit log: \d000 entries/),
    expect.stringMatching(/Saving the org: \d+ profiles/),
  ]);
  expect(told.filter((text) => text === eraseLine)).toHaveLength(3);
  expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(2_500);
});

test('in a pipe nothing is drawn', async () => {
  await using here = await install({ people: 1 });
  const { session, told } = sessionOf(here);

  await auditVerify(session, {});

  expect(told.join('')).not.toContain('\r');
});
