import type { SourceConfig } from '../schema.ts';
import { type Chapter, lengthInWords, listInWords, type Sentence, say } from './chapter.ts';

/** What is read of a source, when, and by what it says that somebody left. */
export const sourceInWords = (source: SourceConfig): Chapter => ({
  title: `Where people are read: ${source.id}`,
  sentences: [...whatIsRead(source), ...whenItIsRead(source), ...firstDay(source), ...whoHasLeft(source)],
});

function whatIsRead(source: SourceConfig): readonly Sentence[] {
  const key = (name: string): string => `sources.${source.id}.${name}`;
  switch (source.type) {
    case 'ldap':
      return [
        say(key('baseDn'), `People are read from the directory at ${source.url}, under ${source.baseDn}.`),
        say(
          key('filter'),
          source.filter === undefined
            ? 'Whoever is a person by the usual filter of that kind of server is read.'
            : `Only those who fit the filter ${source.filter} are read.`,
        ),
      ];
    case 'entra': {
      const { groups, assignedTo, administrativeUnits, guests } = source.scope;
      const parts = [
        ...(groups.length === 0 ? [] : [`in the groups ${listInWords(groups)}`]),
        ...(assignedTo === undefined ? [] : [`assigned to the application ${assignedTo}`]),
        ...(administrativeUnits.length === 0
          ? []
          : [`in the administrative units ${listInWords(administrativeUnits)}`]),
      ];
      const who = parts.length === 0 ? 'Everybody is read' : `Whoever is ${parts.join(', or ')} is read`;
      return [
        say(key('tenantId'), `People are read from Microsoft Entra ID, tenant ${source.tenantId}.`),
        say(key('scope'), `${who}, ${guests ? 'guests included' : 'but no guests'}.`),
      ];
    }
    case 'ldif':
      return [say(key('file'), `People are read from the file ${source.file}, which another system writes.`)];
    default:
      return source satisfies never;
  }
}

function whenItIsRead({ id, schedule }: SourceConfig): readonly Sentence[] {
  const { full, delta, timezone, jitter, makeUp } = schedule;
  const key = `sources.${id}.schedule`;
  if (full === undefined && delta === undefined)
    return [say(key, 'No clock reads it: somebody has to start each run, or another program does.')];
  return [
    ...(full === undefined ? [] : [say(`${key}.full`, `All of it is read at "${full}" (${timezone}).`)]),
    ...(delta === undefined
      ? []
      : [say(`${key}.delta`, `What has changed is read at "${delta}" (${timezone}).`)]),
    ...(jitter === 0
      ? []
      : [say(`${key}.jitter`, `Each time is put off by up to ${lengthInWords(jitter)}, by chance.`)]),
    say(
      `${key}.makeUp`,
      makeUp === 0
        ? 'What is missed because no service is at work is left out.'
        : `What is missed because no service is at work is made up, once, up to ${lengthInWords(makeUp)} later.`,
    ),
  ];
}

function firstDay({ id, attributes: { startDate } }: SourceConfig): readonly Sentence[] {
  if (startDate === undefined) return [];
  const where =
    typeof startDate === 'string' ? startDate : `${startDate.attribute} (time zone ${startDate.timezone})`;
  return [
    say(
      `sources.${id}.attributes.startDate`,
      `Their first day is in ${where}. Whoever has a profile already is not touched by it; whoever has none, and a date that can’t be read, is skipped by name.`,
    ),
  ];
}

function whoHasLeft(source: SourceConfig): readonly Sentence[] {
  const key = (name: string): string => `sources.${source.id}.${name}`;
  const own = [
    source.active === 'true'
      ? say(key('active'), 'Somebody has left when the source itself says that their account is disabled.')
      : say(
          key('active'),
          `Somebody has left when the source itself says that their account is disabled, or when this is not true of them: ${source.active}`,
        ),
  ];
  if (source.type === 'entra')
    return [
      ...own,
      say(
        key('leaveDates'),
        source.leaveDates
          ? 'They have left once their leave date (employeeLeaveDateTime) has come.'
          : 'Leave dates are not read.',
      ),
    ];
  if (source.type === 'ldif') return own;
  const { signals, dates } = source.leavers;
  return [
    ...own,
    say(
      key('leavers.signals'),
      signals === undefined
        ? 'The marks that count as disabled or as a leave date are those usual for that kind of server.'
        : signals.length === 0
          ? 'No mark of the server’s own counts.'
          : `Of the server’s own marks, ${listInWords(signals)} count.`,
    ),
    ...dates.map(({ attribute, timezone }) =>
      say(
        key('leavers.dates'),
        `They have left once the date in ${attribute} (time zone ${timezone}) has come.`,
      ),
    ),
  ];
}
