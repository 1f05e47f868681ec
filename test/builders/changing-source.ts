/** A source in memory that can tell what has changed, for what no real server could be made to do on demand. */
import type { ChangesPart, Connector, Cursor, Presence, ReadingPart } from '../../connectors/connector.ts';
import { TextHash } from '../../src/compact/index.ts';
import type { Anchor, Identity, RecordPrint } from '../../src/identity/index.ts';
import { anchor, identity, sourceId } from './people.ts';

type Going = 'deleted' | 'out-of-view';

export interface ChangingSource extends Connector {
  /** Puts somebody there, or changes them. */
  put(id: string, attributes?: Readonly<Record<string, string>>, leaveAt?: Date): void;
  /** Takes somebody away. @param as - what the changes tell of it; `silently`: nothing */
  take(id: string, as: Going | 'silently'): void;
  has(id: string): boolean;
  /** What the next request for changes ends with, after all that there is to tell. */
  nextEnd(end: 'broken' | 'cursor-lost' | 'silence'): void;
  /** Whether the next whole reading is cut short after one person. */
  cutNextReading(): void;
  /** Which requests were made, and for whom. */
  readonly asked: string[];
  /** Who was recalled since the last time that this was asked. */
  recalled(): readonly string[];
}

export function changingSource(source = 'people'): ChangingSource {
  const present = new Map<Anchor, Identity>();
  const log: { readonly anchor: Anchor; readonly going: Going | undefined }[] = [];
  const asked: string[] = [];
  let end: 'broken' | 'cursor-lost' | 'silence' | undefined;
  let isCut = false;
  let recalledLately: string[] = [];
  const cursor = () => String(log.length) as Cursor;

  return {
    source: sourceId(source),
    asked,
    put(id, attributes = {}, leaveAt = undefined) {
      const all = { mail: `${id}@example.com`, cn: `Name of ${id}`, employeeType: 'staff', ...attributes };
      const values = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
      const label = `uid=${id},ou=people,dc=example,dc=com`;
      present.set(
        anchor(id),
        identity({
          source: sourceId(source),
          anchor: anchor(id),
          label,
          login: id,
          email: all.mail,
          leaveAt,
          attributes: values,
        }),
      );
      log.push({ anchor: anchor(id), going: undefined });
    },
    take(id, as) {
      present.delete(anchor(id));
      if (as !== 'silently') log.push({ anchor: anchor(id), going: as });
    },
    has: (id) => present.has(anchor(id)),
    nextEnd(wanted) {
      end = wanted;
    },
    cutNextReading() {
      isCut = true;
    },

    recalled() {
      const until = recalledLately.sort();
      recalledLately = [];
      return until;
    },

    async *read({ recall }): AsyncGenerator<ReadingPart> {
      asked.push('everybody');
      const all = [...present.values()].map((one) => ({ ...one, print: printOf(one) }));
      const next = cursor();
      if (isCut) {
        isCut = false;
        yield { kind: 'batch', identities: all.slice(0, 1), skipped: [] };
        yield { kind: 'end', completeness: { kind: 'incomplete', reason: 'It was cut short.' } };
        return;
      }
      const known = all.filter((one) => recall?.(one.anchor, one.print));
      recalledLately.push(...known.map(({ anchor: id }) => id));
      const identities = all.filter((one) => !known.includes(one));
      yield { kind: 'batch', identities, skipped: [], recalled: known };
      yield { kind: 'end', completeness: { kind: 'complete' }, cursor: next };
    },

    async *changes({ since, also }): AsyncGenerator<ChangesPart> {
      asked.push(['changes', ...also].join(' '));
      const wanted = end;
      end = undefined;
      if (wanted === 'cursor-lost') {
        yield { kind: 'cursor-lost', reason: 'The server does not know the cursor any more.' };
        return;
      }
      const changed = log.slice(Number(since));
      const latest = new Map(changed.map((one) => [one.anchor, one.going]));
      const told = new Set([...latest.keys(), ...(wanted === 'broken' ? [] : also)]);
      yield {
        kind: 'batch',
        identities: [...told].flatMap((id) => present.get(id) ?? []),
        skipped: [],
        departures: [...latest].flatMap(([id, going]) =>
          present.has(id) || going === undefined ? [] : [{ ...departureAs(going), anchor: id }],
        ),
      };
      if (wanted === 'broken') yield { kind: 'broken', reason: 'The connection was lost.' };
      else if (wanted !== 'silence') yield { kind: 'end', cursor: cursor() };
    },

    async lookup(anchors): Promise<ReadonlyMap<Anchor, Presence>> {
      asked.push(['lookup', ...anchors].join(' '));
      return new Map(anchors.map((id) => [id, { kind: present.has(id) ? 'present' : 'absent' }]));
    },
    async find(names) {
      asked.push(['find', ...names].join(' '));
      const wanted = new Set(names.map((name) => name.toLowerCase()));
      const isNamed = ({ email, login, anchor: id }: Identity): boolean =>
        [email, login, id].some((name) => name !== undefined && wanted.has(name.toLowerCase()));
      return { identities: [...present.values()].filter(isNamed), skipped: [], incomplete: undefined };
    },
    probe: async () => [],
    close: async () => undefined,
  };
}

/** Of all that the source has of somebody. */
function printOf(one: Identity): RecordPrint {
  const { low, high } = new TextHash().of(JSON.stringify(one));
  return { low, high };
}

const departureAs = (going: Going) =>
  going === 'deleted'
    ? ({ kind: going, reason: 'The entry was deleted in the source.' } as const)
    : ({ kind: going } as const);
