import type { Scene } from '../stage/set-scene.ts';
import { untilAtRest } from './settle.ts';

/** Brings everybody into the org before anything goes wrong. */
export async function quietLoad(scene: Scene): Promise<void> {
  await scene.cast.untilUp();
  await scene.operator.insist(['resync']);
  await untilAtRest(scene);
}
