/**
 * A provisioned Active Directory domain to copy: provisioning takes seven seconds, a copy a tenth of one. It is kept in
 * the temp folder from one test run to the next, under a name that changes with Samba's version and with the settings.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireProgram } from './programs.ts';

export const domain = {
  realm: 'AD.TEST',
  netbiosName: 'ADTEST',
  baseDn: 'DC=ad,DC=test',
  adminPassword: 'Adm1n-Passw0rd!',
} as const;

const run = promisify(execFile);

const settings: readonly string[] = [
  `--realm=${domain.realm}`,
  `--domain=${domain.netbiosName}`,
  '--host-name=dc1',
  '--host-ip=127.0.0.1',
  '--server-role=dc',
  '--dns-backend=NONE',
  `--adminpass=${domain.adminPassword}`,
  '--use-rfc2307',
  '--option=interfaces=lo',
  '--option=bind interfaces only=yes',
];

/** The folder of a domain that nobody has started: for copying only. */
export async function provisionedDomain(): Promise<string> {
  const { stdout: version } = await run(requireProgram('samba'), ['--version']);
  const key = createHash('sha256')
    .update([version, ...settings].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const kept = join(tmpdir(), `rollcall-samba-domain-${userInfo().uid}-${key}`);
  if (existsSync(kept)) return kept;
  const fresh = mkdtempSync(join(tmpdir(), 'rollcall-samba-provision-'));
  try {
    await run(requireProgram('samba-tool'), ['domain', 'provision', `--targetdir=${fresh}`, ...settings]);
    // Whole or not at all; another test run may have been faster.
    if (!existsSync(kept)) renameSync(fresh, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}
