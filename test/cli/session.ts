/** A session of the command line over an installation of the test's own process, and what it told. */
import { Writable } from 'node:stream';
import { createTerminal } from '../../src/cli/render/index.ts';
import { rollcallHere } from '../../src/cli/rollcall/here.ts';
import type { Session } from '../../src/cli/session.ts';
import type { Installation } from '../engine/installation.ts';

/**
 * @param isTerminal - whether somebody looks at it, so that progress is drawn
 * @param actor - who types
 */
export function sessionOf(
  { engine }: Installation,
  { isTerminal = false, actor = 'cli:anna' } = {},
): { readonly session: Session; readonly told: string[] } {
  const told: string[] = [];
  const output = new Writable({
    write: (text, _, next) => {
      told.push(String(text));
      next();
    },
  });
  if (isTerminal) Object.assign(output, { isTTY: true, columns: 100 });
  const means = {
    terminal: createTerminal({ stdout: output, stderr: output, env: {}, json: false }),
    signal: AbortSignal.timeout(60_000),
    actor,
  };
  const session: Session = {
    ...means,
    isJson: false,
    isElsewhere: false,
    stdout: output,
    pathOf: (given) => given,
    load: () => Promise.reject(new Error('It is opened already.')),
    startTracing: async () => ({ isOn: false, stop: async () => {} }),
    withRollcall: (work) => work(rollcallHere(means, engine)),
    withEngine: (work) => work(engine),
  };
  return { session, told };
}
