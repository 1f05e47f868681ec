/** Without what nobody should read off a screen: values under names that sound like secrets, or made of such. */
import type { plainEntry } from '../../audit/index.ts';
import { discreetDetails, type Engine } from '../../engine/index.ts';
import type { operationJson } from '../../json/index.ts';

export function discreetTo({ sources }: Pick<Engine, 'sources'>) {
  // The mapping is the same for every source.
  const secret = sources[0]?.rules.secret ?? new Set<string>();
  return {
    operation: (told: ReturnType<typeof operationJson>) => ({
      ...told,
      before: discreetDetails(told.before, secret),
      after: discreetDetails(told.after, secret),
    }),
    entry: (told: ReturnType<typeof plainEntry>) => ({
      ...told,
      details: discreetDetails(told.details, secret),
    }),
  };
}
