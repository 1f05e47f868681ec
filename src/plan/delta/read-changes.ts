/** Reads what has changed in a source since a cursor, and judges whom it tells of. */
import type { Connector, Cursor, Departure } from '../../../connectors/connector.ts';
import type { Anchor, Person, Rules } from '../../identity/index.ts';
import type { NamedFinding } from '../../store/runs/runs.ts';

export interface Changes {
  /** Whoever was told of, by the last word on them. */
  readonly people: ReadonlyMap<Anchor, Person>;
  readonly departures: ReadonlyMap<Anchor, Departure>;
  /** Who is there, changed or not; undefined where the source told who has gone. */
  readonly inView: ReadonlySet<Anchor> | undefined;
  /** Records without an anchor: nobody can say who they are. */
  readonly nameless: readonly NamedFinding[];
  /** Where the next delta begins; undefined where this one broke off. */
  readonly cursor: Cursor | undefined;
  /** Why it broke off; undefined where it came to its end. */
  readonly broken: string | undefined;
}

/** Changes, or why only a whole reading helps. */
export type ChangesOrWhole =
  | { readonly kind: 'changes'; readonly changes: Changes }
  | { readonly kind: 'whole'; readonly why: string };

/** With more people than this in it, a delta saves nothing, and would have to be held in memory. */
const tooMany = 50_000;

/** @throws {SourceError} when nothing could be read at all */
export async function readChanges(
  tell: NonNullable<Connector['changes']>,
  request: { readonly since: Cursor; readonly also: readonly Anchor[]; readonly signal: AbortSignal },
  rules: Rules,
  now: Date,
  onProgress: (identities: number) => void,
): Promise<ChangesOrWhole> {
  const people = new Map<Anchor, Person>();
  const departures = new Map<Anchor, Departure>();
  const nameless: NamedFinding[] = [];
  let inView: Set<Anchor> | undefined;
  const ended = (end: Pick<Changes, 'cursor' | 'broken'>): ChangesOrWhole => ({
    kind: 'changes',
    // Only what came to its end tells who is missing.
    changes: { people, departures, nameless, inView: end.broken === undefined ? inView : undefined, ...end },
  });
  const see = (person: Person): void => {
    departures.delete(person.anchor);
    people.set(person.anchor, person);
  };

  for await (const part of tell({ attributes: rules.attributes, groups: rules.usesGroups, ...request })) {
    switch (part.kind) {
      case 'batch':
        for (const identity of part.identities) see(rules.judge(identity, now));
        for (const { anchor, label, reason } of part.skipped) {
          if (anchor === undefined)
            nameless.push({ kind: 'skipped', anchor, label, email: undefined, reason });
          else see({ kind: 'skipped', anchor, label, email: undefined, reason });
        }
        for (const departure of part.departures) {
          people.delete(departure.anchor);
          departures.set(departure.anchor, departure);
        }
        if (people.size > tooMany) return { kind: 'whole', why: `More than ${tooMany} people have changed.` };
        onProgress(people.size);
        break;
      case 'in-view':
        inView ??= new Set();
        for (const anchor of part.anchors) inView.add(anchor);
        break;
      case 'end':
        return ended({ cursor: part.cursor, broken: undefined });
      case 'broken':
        return ended({ cursor: undefined, broken: part.reason });
      case 'cursor-lost':
        return { kind: 'whole', why: part.reason };
      default:
        part satisfies never;
    }
  }
  return ended({ cursor: undefined, broken: 'The changes ended without saying from where to read on.' });
}
