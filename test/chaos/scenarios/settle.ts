/** After the chaos: everything comes to rest by itself, a person clears up what was left to them, and nothing is left to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { stillOpen, waitingPlans } from '../stage/look.ts';
import type { Scene } from '../stage/set-scene.ts';

/** Leases, rests and sweeps take less than a minute; where nothing at all has moved for this long, nothing will. */
const stillnessMs = 180_000;
const roundsAtMost = 4;

/** Waits until nothing is left to be done; fails where something is left, and nothing has moved for a long time. */
export async function untilAtRest({ look, stage }: Scene): Promise<void> {
  let last = '';
  let movedAt = Date.now();
  for (;;) {
    const open = await stillOpen(look).catch((error: Error) => error.message);
    if (open === 0) return;
    const seen = `${open} open, ${stage.sandbox.effects.length} effects`;
    if (seen !== last) movedAt = Date.now();
    last = seen;
    if (Date.now() - movedAt > stillnessMs)
      throw new Error(`Nothing has moved for ${stillnessMs / 1_000} s; last seen: ${seen}.`);
    await sleep(1_000);
  }
}

/** @returns what should not be, in sentences */
export async function settle(scene: Scene): Promise<readonly string[]> {
  const { chaos, cast, operator } = scene;
  chaos.calm();
  await cast.untilUp();
  await untilAtRest(scene);
  for (let round = 1; ; round += 1) {
    await decideAll(scene);
    const { code } = await operator.insist(['resync', '--wait', '--json']);
    const failed = code === 4;
    if (failed) await operator.insist(['retry', '--all', '--reason', 'It is over.']);
    await untilAtRest(scene);
    const waits = (await waitingPlans(scene.look)).length > 0;
    const isQuiet = code === 0 && !waits && (await superseded(scene)) === 0;
    if (isQuiet || round >= roundsAtMost) break;
  }
  await decideAll(scene);
  const left: { readonly kind: string; readonly email: string }[] = JSON.parse(
    (await operator.insist(['plan', '--json'])).stdout,
  ).operations;
  return left.map(
    ({ kind, email }) => `The plan after the last one is not empty: it would ${kind} ${email}.`,
  );
}

/** A dry run that nobody needs any more is rejected; what a guard holds is approved. */
async function decideAll(scene: Scene): Promise<void> {
  for (const { id, isDryRun } of await waitingPlans(scene.look))
    await decide(scene, id, isDryRun ? 'rejected' : 'approved');
  await untilAtRest(scene);
}

export async function decide(scene: Scene, run: string, word: 'approved' | 'rejected'): Promise<void> {
  const { operator, stage, spoken } = scene;
  const effectsBefore = stage.sandbox.effects.length;
  const command = word === 'approved' ? 'approve' : 'reject';
  // Where the answer to the first try was lost, the second one hears that it is done.
  await operator.insist([command, run, '--reason', 'I looked at it.'], /Nothing in plan/);
  spoken.push({ run, word, effectsBefore });
}

/** Of the latest run: what reality had overtaken, so that the next run has to look again. */
async function superseded({ look }: Scene): Promise<number> {
  const [row] = await look.rows(`
    SELECT count(*) AS count FROM operations WHERE state = 'superseded'
      AND run_id = (SELECT id FROM runs WHERE mode = 'apply' ORDER BY requested_at DESC LIMIT 1)`);
  return Number(row?.count);
}
