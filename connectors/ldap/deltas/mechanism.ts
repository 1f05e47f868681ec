/** How a server tells what has changed, by what it says of itself and what the source wants. */
import type { RootDse } from '../vendor/root-dse.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import { contentSyncOid } from './content-sync-control.ts';
import type { Mechanism } from './cursor.ts';
import { dirSyncOid } from './dirsync-control.ts';

/**
 * The mechanisms to be tried, the best first; which one the account may use only shows when it is tried.
 *
 * @returns none where the source does not want any, or none can work
 */
export function mechanismsOf(settings: LdapSettings, rootDse: RootDse | undefined): readonly Mechanism[] {
  const { delta, vendor } = settings;
  if (delta === 'none') return [];
  if (delta !== 'auto') return [delta];
  const controls = rootDse?.values('supportedControl') ?? [];
  const anchor = settings.attributes.anchor.toLowerCase();
  if (vendor === 'active-directory') {
    const byGuid = anchor === 'objectguid' && controls.includes(dirSyncOid);
    return byGuid ? ['dirsync', 'usn'] : ['usn'];
  }
  // What it tells of is named by entryUUID alone; and only OpenLDAP's cookie holds for every filter.
  const bySync = vendor === 'openldap' && anchor === 'entryuuid' && controls.includes(contentSyncOid);
  const byLog =
    (vendor === '389ds' || vendor === 'freeipa') &&
    anchor === 'nsuniqueid' &&
    rootDse?.values('changeLog')[0] !== undefined;
  // They cost a search through everybody before each whole reading, which is worth it only where deltas follow.
  const byStamps = settings.schedule.delta === undefined ? [] : (['timestamps'] as const);
  if (byLog) return ['changelog', ...byStamps];
  return bySync ? ['content-sync', ...byStamps] : byStamps;
}
