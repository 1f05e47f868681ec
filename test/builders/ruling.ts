/** An operator's word on one person: that a profile is theirs, or, without one, that they are to be left alone. */
import type { Ruling } from '../../src/reconcile/index.ts';
import { profileId } from './org.ts';
import { anchor, sourceId } from './people.ts';
import { noon } from './run.ts';

export function ruling(id: string, profile?: string): Ruling {
  const common = {
    source: sourceId('corp'),
    anchor: anchor(id),
    label: `uid=${id}`,
    email: `${id}@example.com`,
    actor: 'cli:olga',
    reason: 'HR told me.',
    at: noon,
  };
  return profile === undefined
    ? { kind: 'ignore', ...common }
    : { kind: 'adopt', profileId: profileId(profile), ...common };
}
