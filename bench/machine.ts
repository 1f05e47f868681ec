/** Where and with what something was measured. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Circumstances {
  readonly measuredAt: string;
  readonly machine: string;
  /** Of the minute before, on so many processors: figures from a busy machine are worth less. */
  readonly load: number;
  readonly versions: string;
  readonly commit: string;
}

export function describeMachine(): Circumstances {
  const [first] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    measuredAt: new Date().toISOString().slice(0, 16),
    machine: `${cpus().length} x ${first?.model.trim() ?? 'unknown processor'}, ${gib} GiB`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: `Node ${process.versions.node}, ${openLdapVersion()}`,
    commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' and changes'),
  };
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
}

function openLdapVersion(): string {
  const printed = execFileSync('sh', ['-c', 'ldapsearch -VV 2>&1 || true'], { encoding: 'utf8' });
  return /ldapsearch ([\d.]+)/.exec(printed)?.[1]?.replace(/^/, 'OpenLDAP ') ?? 'OpenLDAP';
}
