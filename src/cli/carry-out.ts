/** Has a run carried out, with a progress bar. */
import { readingUpdate } from './reading.ts';
import type { Rollcall, ToldEnd } from './rollcall/rollcall.ts';
import type { Session } from './session.ts';

export async function carryOutWithBar(
  { terminal }: Session,
  rollcall: Rollcall,
  run: string,
): Promise<ToldEnd> {
  const bar = terminal.progress(`Run ${run}`);
  return await rollcall
    .carryOut(run, ({ ended, total, inFile, reading }) => {
      if (reading !== undefined) {
        bar.update(readingUpdate(reading, reading.expected));
        return;
      }
      const text = inFile === 0 ? 'operations' : `operations, ${inFile} in a file`;
      bar.update({ done: ended, total, text });
    })
    .finally(() => bar.stop());
}
