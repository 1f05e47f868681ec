/** Streams a source's identities through the rules. */
import type { Connector, Cursor, Presence, ReadRequest } from '../../../connectors/connector.ts';
import type { Anchor, Identity, Person, Rules } from '../../identity/index.ts';
import type { Absence } from '../../reconcile/index.ts';
import type { Census } from '../../store/people/census.ts';
import type { NamedFinding } from '../../store/runs/runs.ts';
import { censusTaker } from '../trust/census.ts';

export interface SourceReading {
  /** Why the reading is incomplete; undefined where it proved that it saw everybody. */
  readonly incomplete: string | undefined;
  /** Why somebody may be in more groups than the reading told. */
  readonly groupsUnknown: string | undefined;
  /** Records without an anchor: nobody can say who they are. */
  readonly nameless: readonly NamedFinding[];
  /** Where changes since this reading can be read from. */
  readonly cursor: Cursor | undefined;
  /** Who was there. */
  readonly census: Census;
}

/** Takes in whoever is there. */
export interface Onlooker {
  /** @param identity - what they were judged by; undefined where their record is too bad for that */
  see(person: Person, identity?: Identity): void;
  /** Whether a record is known, and what it comes to: undefined where everybody is to be read in full. */
  readonly recall: ReadRequest['recall'];
  /** People whose record is known. */
  seeAgain(anchors: readonly Anchor[]): void;
}

/** @param now - the time by which leave dates are judged, the same for everybody in the run */
export async function readSource(
  connector: Connector,
  rules: Rules,
  onlooker: Onlooker,
  now: Date,
  signal: AbortSignal,
  onProgress: (identities: number) => void,
): Promise<SourceReading> {
  const nameless: NamedFinding[] = [];
  const census = censusTaker();
  let incomplete: string | undefined = 'The reading ended without saying that it saw everybody.';
  let groupsUnknown: string | undefined;
  let cursor: Cursor | undefined;
  let count = 0;
  for await (const part of connector.read({
    attributes: rules.attributes,
    groups: rules.usesGroups,
    recall: onlooker.recall,
    signal,
  })) {
    if (part.kind === 'end') {
      incomplete = part.completeness.kind === 'complete' ? undefined : part.completeness.reason;
      if (part.completeness.kind === 'complete') cursor = part.cursor;
      else groupsUnknown = part.completeness.groupsUnknown;
      continue;
    }
    for (const identity of part.identities) {
      census.see(identity);
      onlooker.see(rules.judge(identity, now), identity);
    }
    const recalled = part.recalled ?? [];
    for (const known of recalled) census.see(known);
    onlooker.seeAgain(recalled.map(({ anchor }) => anchor));
    for (const { anchor, label, reason } of part.skipped) {
      if (anchor === undefined) {
        nameless.push({ kind: 'skipped', anchor, label, email: undefined, reason });
        continue;
      }
      census.seeSkipped(anchor);
      onlooker.see({ kind: 'skipped', anchor, label, email: undefined, reason });
    }
    count += part.identities.length + recalled.length + part.skipped.length;
    onProgress(count);
  }
  return { incomplete, groupsUnknown, nameless, cursor, census: census.close() };
}

/** Confirms by a look-up that those whom a complete reading missed are gone. An incomplete one asks about nobody. */
export async function confirmAbsences(
  connector: Connector,
  missing: readonly Anchor[],
  incomplete: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<Anchor, Absence>> {
  if (incomplete !== undefined || missing.length === 0) return new Map();
  const answers = await connector.lookup(missing, signal);
  return new Map(missing.map((anchor) => [anchor, absenceOf(answers.get(anchor))]));
}

function absenceOf(presence: Presence | undefined): Absence {
  switch (presence?.kind) {
    case 'absent':
      return { kind: 'gone' };
    case 'deleted':
      return { kind: 'deleted' };
    case 'present':
      return { kind: 'still-there' };
    case 'unknown':
      return { kind: 'unknown', reason: presence.reason };
    case undefined:
      return { kind: 'unknown', reason: 'The source gave no answer.' };
    default:
      return presence satisfies never;
  }
}
