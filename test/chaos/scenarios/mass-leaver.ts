import { change, everybodyBack } from '../model/directory.ts';
import { waitingPlans } from '../stage/look.ts';
import type { Scene } from '../stage/set-scene.ts';
import { quietLoad } from './quiet-load.ts';
import { decide, untilAtRest } from './settle.ts';

/** A bad export says that a third of all have left. It is held, approved by mistake, found out, and undone. */
export async function massLeaver(scene: Scene): Promise<void> {
  const { chance, operator, chaos } = scene;
  await quietLoad(scene);
  const right = scene.directory;
  const leaving = Math.ceil(right.people.length * (chance.between(15, 40) / 100));
  const wrong = change(right, { leave: leaving }, chance);
  await scene.publish(wrong.directory);

  let raging = chaos.rage(chance.between(2, 3));
  const held = await untilHeld(scene);
  await raging;
  raging = chaos.rage(chance.between(2, 3));
  await decide(scene, held, 'approved');
  await raging;
  await untilAtRest(scene);

  await scene.publish(everybodyBack(wrong.directory));
  raging = chaos.rage(chance.between(2, 3));
  await operator.insist(['undo', held, '--reason', 'The export was wrong.'], /could be undone/);
  await raging;
}

/** Resyncs until a plan is held: a run may meet a fault while it reads. */
async function untilHeld(scene: Scene): Promise<string> {
  for (let tries = 1; tries <= 8; tries += 1) {
    await scene.operator.insist(['resync']);
    await untilAtRest(scene);
    const [plan] = await waitingPlans(scene.look);
    if (plan !== undefined) return plan.id;
  }
  throw new Error('The mass leaver was not held by any of eight runs.');
}
