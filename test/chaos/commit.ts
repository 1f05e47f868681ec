/** What is being tried. */
import { execFileSync } from 'node:child_process';

export function currentCommit(): string {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', 'src', 'connectors', 'config', 'test') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', with changes' : ''}`;
}
