/**
 * `npm run audit`: asks the registry for known weaknesses of what ships. Fails on a high or critical one. A registry that doesn't
 * answer such questions, such as a mirror, is told, and fails nothing: then nothing was checked.
 */
import { spawnSync } from 'node:child_process';
import { z } from 'zod';

const answer = z.union([
  z.object({
    metadata: z.object({ vulnerabilities: z.object({ high: z.int(), critical: z.int(), total: z.int() }) }),
    vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string() })),
  }),
  z.object({ message: z.string() }),
]);

/** What is to be said of an answer, and the exit status. */
export function verdictOn(text: string): { readonly code: 0 | 1; readonly lines: readonly string[] } {
  const told = answer.parse(JSON.parse(text));
  if ('message' in told)
    return { code: 0, lines: [`Nothing was checked: the registry answers no audit (${told.message}).`] };
  const { high, critical, total } = told.metadata.vulnerabilities;
  const packages = Object.entries(told.vulnerabilities).map(
    ([name, { severity, range }]) => `${severity}: ${name} ${range}`,
  );
  return {
    code: high + critical > 0 ? 1 : 0,
    lines: [
      ...packages,
      `${total} known weaknesses in what ships, ${high + critical} of them high or critical.`,
    ],
  };
}

if (import.meta.main) {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
  const { code, lines } = verdictOn(stdout);
  for (const line of lines) console.log(line);
  process.exitCode = code;
}
