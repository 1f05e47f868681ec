import type { Scene } from '../stage/set-scene.ts';

/** Everybody at once: an empty store, a full directory, an org in which a few of them are already. */
export async function firstLoad({ cast, operator, chaos, chance }: Scene): Promise<void> {
  await cast.untilUp();
  await operator.insist(['resync']);
  await chaos.rage(chance.between(6, 9));
}
