/** A reading that may begin again on another server. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { Anchor } from '../../../src/identity/identity.ts';
import type { Completeness, ReadingPart } from '../../connector.ts';
import type { SourceError } from '../../source-error.ts';
import { isOneServers, noneUsable } from '../server/servers.ts';

/** What one server's reading comes to: a reading like any other, or one that the connection broke. */
export type ServerReadingPart =
  | ReadingPart
  | {
      readonly kind: 'broken';
      readonly reason: string;
      /** As of an incomplete reading. */
      readonly groupsUnknown?: string | undefined;
    };

/**
 * Reads from the first server that lasts until the end. Where a connection breaks, the whole reading is done again on
 * the next server, from nothing: no server can go on where another one stopped. Whoever was handed on before is not
 * handed on again, so nobody comes twice; what the last server proves to be everybody was then seen, from it or from
 * one before. Such a reading has no cursor: those who came from the broken one may be older than it.
 */
export async function* readFromServers(
  servers: readonly LdapSourceConfig[],
  readFrom: (server: LdapSourceConfig) => AsyncGenerator<ServerReadingPart>,
  passOver: (server: LdapSourceConfig, error: SourceError | string) => void,
): AsyncGenerator<ReadingPart> {
  const seen = new Seen(servers.length > 1);
  const failures: SourceError[] = [];
  let broken: string | undefined;
  let groupsUnknown: string | undefined;
  for (const server of servers) {
    try {
      for await (const part of readFrom(server)) {
        if (part.kind === 'broken') {
          broken = part.reason;
          groupsUnknown ??= part.groupsUnknown;
          passOver(server, part.reason);
          break;
        }
        if (part.kind === 'end') {
          yield broken === undefined
            ? part
            : { kind: 'end', completeness: afterAll(part.completeness, groupsUnknown) };
          return;
        }
        yield broken === undefined ? seen.note(part) : seen.onlyNew(part);
      }
    } catch (error) {
      if (!isOneServers(error)) throw error;
      failures.push(error);
      passOver(server, error);
    }
  }
  if (broken === undefined) throw noneUsable(servers[0]?.id ?? '', failures);
  const others = failures.map(({ message }) => message).join(' ');
  yield {
    kind: 'end',
    completeness: {
      kind: 'incomplete',
      reason: others === '' ? broken : `${broken} ${others}`,
      groupsUnknown,
    },
  };
}

/** Whom a broken reading handed on with groups that it did not wholly know is not handed on again with better ones. */
function afterAll(last: Completeness, groupsUnknown: string | undefined): Completeness {
  if (groupsUnknown === undefined) return last;
  const reason = last.kind === 'complete' ? groupsUnknown : last.reason;
  return { kind: 'incomplete', reason, groupsUnknown };
}

type Batch = Extract<ReadingPart, { kind: 'batch' }>;

/** Whom a reading has handed on. Noted only where it may have to begin again. */
class Seen {
  readonly #isNeeded: boolean;
  readonly #anchors = new Set<Anchor>();
  readonly #labels = new Set<string>();

  constructor(isNeeded: boolean) {
    this.#isNeeded = isNeeded;
  }

  note(batch: Batch): Batch {
    if (!this.#isNeeded) return batch;
    for (const { anchor } of [...batch.identities, ...(batch.recalled ?? [])]) this.#anchors.add(anchor);
    for (const { label } of batch.skipped) this.#labels.add(label);
    return batch;
  }

  onlyNew(batch: Batch): Batch {
    return this.note({
      kind: 'batch',
      identities: batch.identities.filter(({ anchor }) => !this.#anchors.has(anchor)),
      recalled: batch.recalled?.filter(({ anchor }) => !this.#anchors.has(anchor)),
      skipped: batch.skipped.filter(({ label }) => !this.#labels.has(label)),
    });
  }
}
