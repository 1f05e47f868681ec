/** How changes are read, and what the account lacks for it: a finding for `check`. */
import type { ProbeFinding, ReadRequest } from '../../connector.ts';
import { cannotTellChanges, takePlace } from '../deltas/changes.ts';
import type { Mechanism, Place } from '../deltas/cursor.ts';
import { isByWhatIsSeen } from '../deltas/dirsync-control.ts';
import type { PlaceMeans } from '../deltas/means.ts';
import { mechanismsOf } from '../deltas/mechanism.ts';
import { bad, good } from './finding.ts';

/**
 * Tries the ways that a run would try, but for time stamps, which would read everybody.
 *
 * @throws {ConnectionError} when the connection breaks
 */
export async function probeDeltas(
  means: PlaceMeans,
  { groups }: Pick<ReadRequest, 'groups'>,
): Promise<ProbeFinding> {
  const { delta, schedule, url } = means.settings;
  if (delta === 'none') return good('Changes are not read, as delta says');
  const impossible = cannotTellChanges({ groups });
  if (impossible !== undefined)
    return good(`Each delta is read as a whole. ${impossible.replace(/\.$/, '')}`);

  const wanted = mechanismsOf(means.settings, means.rootDse);
  const [first] = wanted;
  if (first === undefined)
    return good(
      'The server tells no changes by itself; with schedule.delta, or delta: timestamps, they are found by time stamps',
    );
  if (first === 'timestamps') return good(`Changes are read ${inWords.timestamps}`);

  const place = await takePlace({ ...means, settings: withoutStamps(means.settings) }, { groups });
  if (place !== undefined) return good(describe(place, first));
  const isAsked = delta !== 'auto' || schedule.delta !== undefined;
  const stampsHelp = wanted.includes('timestamps');
  const lacks =
    first === 'changelog'
      ? ` (the account may not read cn=changelog by an aci there, or no change under ${means.settings.baseDn} is in it with its targetUniqueId; see docs/connectors/ldap-deltas.md)`
      : '';
  const text = `${url} refuses to tell changes ${inWords[first]}${lacks}`;
  if (stampsHelp) return good(`${text}; they are read ${inWords.timestamps}`);
  return isAsked
    ? bad(
        `${text}, so each delta is read as a whole`,
        'See docs/connectors/ldap-deltas.md for what it needs.',
      )
    : good(`${text}; without schedule.delta nobody asks for them`);
}

const withoutStamps = (settings: PlaceMeans['settings']): PlaceMeans['settings'] => ({
  ...settings,
  schedule: { ...settings.schedule, delta: undefined },
});

const inWords: Readonly<Record<Mechanism, string>> = {
  'content-sync': 'by content synchronisation',
  changelog: 'by the retro changelog',
  timestamps: 'by the time stamps of entries (modifyTimestamp), and who has gone by the ids of everybody',
  dirsync: 'by DirSync',
  usn: 'by update numbers (uSNChanged)',
};

function describe(place: Place, best: Mechanism): string {
  const text = `Changes are read ${inWords[place.by]}`;
  switch (place.by) {
    case 'content-sync':
    case 'changelog':
    case 'timestamps':
      return text;
    case 'dirsync':
      return isByWhatIsSeen(place.flags)
        ? `${text}, by what the account may see: it lacks the right Replicating Directory Changes (DS-Replication-Get-Changes), with which deletions would be told at once`
        : `${text}: the account has the right Replicating Directory Changes (DS-Replication-Get-Changes)`;
    case 'usn':
      return best === 'dirsync' ? `${text}, since the server refuses DirSync to the account` : text;
    default:
      return place satisfies never;
  }
}
