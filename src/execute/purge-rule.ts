import type { Config } from '../../config/schema.ts';
import { emailKey, isProtected } from '../reconcile/index.ts';
import type { Task } from './task.ts';

/** Whether a profile may be deleted by the configuration of this moment, which may have changed since the plan was made. */
export function purgeRule({ lifecycle, guards }: Pick<Config, 'lifecycle' | 'guards'>): Task['mayPurge'] {
  const names = new Set(guards.protected.flatMap((name) => [name, emailKey(name)]));
  return (profile, link) => {
    if (lifecycle.purgeAfter === undefined)
      return 'lifecycle.purgeAfter is not in the configuration any more, so nobody is deleted.';
    if (isProtected(profile, link, undefined, { protected: names }))
      return 'guards.protected names the profile, which is never deleted.';
    return undefined;
  };
}
