import { change } from '../model/directory.ts';
import { waitingPlans } from '../stage/look.ts';
import type { Scene } from '../stage/set-scene.ts';
import { quietLoad } from './quiet-load.ts';
import { decide } from './settle.ts';

/** Joiners, movers, leavers and rehires over several runs, with plans to decide on and resyncs by hand in between. */
export async function mixedDay(scene: Scene): Promise<void> {
  const { chance, chaos, stage } = scene;
  await quietLoad(scene);
  const blocked = chance.pick(scene.directory.people).last.mail;
  stage.sandbox.editUser(blocked, { is_active: false });
  scene.blocked.add(blocked);

  for (let round = 1; round <= 3; round += 1) {
    const isReorganisation = chance.percent(40);
    const changed = change(
      scene.directory,
      {
        join: chance.between(2, 10),
        move: chance.between(0, 12),
        address: chance.between(0, 4),
        leave: isReorganisation ? chance.between(6, 10) : chance.between(0, 3),
        remove: chance.between(0, 2),
        rehire: chance.between(0, 3),
      },
      chance,
    );
    await scene.publish(changed.directory);
    const raging = chaos.rage(chance.between(2, 4));
    await resync(scene, changed.told);
    await raging;
    if (chance.percent(60)) await speak(scene);
  }
}

async function resync({ operator, chance }: Scene, told: readonly string[]): Promise<void> {
  const somebody = chance.pick(told).split(' ')[1] ?? '';
  if (chance.percent(30)) await operator.give('resync', '--user', somebody);
  if (chance.percent(25)) await operator.give('resync', '--wait');
  else await operator.insist(['resync']);
}

/** Whatever waits at this moment is approved or rejected. */
async function speak(scene: Scene): Promise<void> {
  const { chance, chaos, look } = scene;
  for (const { id } of await waitingPlans(look).catch(() => [])) {
    const raging = chaos.rage(1);
    await decide(scene, id, chance.percent(60) ? 'approved' : 'rejected');
    await raging;
  }
}
