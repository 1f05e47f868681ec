/** What the account may not see although it should: findings for `check`. */
import type { ProbeFinding } from '../../connector.ts';
import { normalDescription } from '../people/entries.ts';
import { showDeleted } from '../vendor/active-directory-controls.ts';
import type { RootDse } from '../vendor/root-dse.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import { readFirstPage } from '../wire/pages.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { bad, good } from './finding.ts';

/** Which marks of a leaver the sample shows. Some are on every account; others only on those who left. */
export function describeSignals(
  entries: readonly SearchEntry[],
  { leavers }: Pick<LdapSettings, 'leavers'>,
): readonly ProbeFinding[] {
  const countOf = (name: string): number => {
    const key = normalDescription(name);
    return entries.filter(({ attributes }) =>
      attributes.some(({ description }) => normalDescription(description) === key),
    ).length;
  };
  const hidden = leavers.always.filter(
    (name) => leavers.signals.includes(name) && countOf(name) < entries.length,
  );
  const seen = leavers.signals.filter((name) => countOf(name) > 0);
  return [
    ...hidden.map((name) =>
      bad(
        `Of ${entries.length} people sampled, ${entries.length - countOf(name)} don't show ${name}, which every account has`,
        `Let the account read ${name}: whoever doesn't show it is skipped, since nobody can say whether they left.`,
      ),
    ),
    good(
      seen.length === 0
        ? 'No mark of a leaver is in the sample; accounts that are in order often have none'
        : `Marks of leavers in the sample: ${seen.map((name) => `${name} (${countOf(name)})`).join(', ')}`,
    ),
  ];
}

/** Whether an account in Active Directory may see what was deleted, which is else found out by its absence. */
export async function probeDeletedObjects(
  connection: LdapConnection,
  rootDse: RootDse | undefined,
  { vendor }: Pick<LdapSettings, 'vendor'>,
): Promise<readonly ProbeFinding[]> {
  const [context] = rootDse?.values('defaultNamingContext') ?? [];
  if (vendor !== 'active-directory' || context === undefined) return [];
  const container = `CN=Deleted Objects,${context}`;
  const { entries, result } = await readFirstPage(
    connection,
    {
      base: container,
      scope: 'base',
      filter: { kind: 'present', attribute: 'objectClass' },
      attributes: ['isDeleted'],
      controls: [showDeleted],
    },
    1,
  );
  // Without the right Samba shows the container's name and nothing in it; Microsoft's own shows nothing.
  if (result.code === resultCode.success && entries.some(({ attributes }) => attributes.length > 0))
    return [
      good(
        'The account may see deleted objects: whom a delta tells of as deleted is a leaver at once; a whole reading waits for the grace time',
      ),
    ];
  const why = result.code === resultCode.success ? 'it sees nothing there' : describeResult(result);
  return [
    good(
      `The account may not see deleted objects (${why}): who is deleted is found out by their absence, after the grace time. To have it sooner by deltas, let the account list and read ${container}`,
    ),
  ];
}
