/** A person at the command line, who tries again while servers are down. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CliResult, Stage } from '../../e2e/stage.ts';

const longestMs = 300_000;
const triesAtMost = 15;

/** `rollcall` said it: done, something is held, done with failures. */
const fine: readonly (number | null)[] = [0, 3, 4];

export interface Operator {
  /** Gives a command again and again until it goes through, or what it says fits `orSays`. */
  insist(args: readonly string[], orSays?: RegExp): Promise<CliResult>;
  /** Gives a command once, whatever comes of it. */
  give(...args: readonly string[]): Promise<CliResult>;
  /** Everything that the commands printed. */
  readonly printed: readonly string[];
  /** What must not be: a command that never ended. */
  readonly surprises: readonly string[];
}

export function operatorOf(stage: Stage): Operator {
  const printed: string[] = [];
  const surprises: string[] = [];

  async function give(...args: readonly string[]): Promise<CliResult> {
    const child = stage.spawnRollcall(...args);
    const late = setTimeout(() => {
      surprises.push(`\`rollcall ${args.join(' ')}\` had not ended after ${longestMs / 1_000} s.`);
      child.kill('SIGKILL');
    }, longestMs);
    const result = await stage.resultOf(child);
    clearTimeout(late);
    printed.push(`$ rollcall ${args.join(' ')}\n${result.stdout}${result.stderr}-> ${result.code}`);
    return result;
  }

  return {
    give,
    printed,
    surprises,
    async insist(args, orSays) {
      for (let tries = 1; ; tries += 1) {
        const result = await give(...args);
        if (fine.includes(result.code) || orSays?.test(result.stderr)) return result;
        if (tries >= triesAtMost)
          throw new Error(
            `\`rollcall ${args.join(' ')}\` failed ${tries} times, the last time with status ${result.code}: ${result.stderr}`,
          );
        await sleep(500);
      }
    },
  };
}
