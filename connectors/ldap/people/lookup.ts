/** Looks people up by anchor, to confirm that somebody who was missed in a reading is really gone. */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { Presence } from '../../connector.ts';
import { searchTree } from '../server/referrals.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import { ConnectionError, type LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage, type SearchOutcome } from '../wire/pages.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { normalDescription } from './entries.ts';
import { throwIfNothingWasRead } from './reading.ts';
import { anchorOctets, valueRenderer } from './values.ts';

const anchorsPerSearch = 50;

/** Answers for every anchor, within the same base and filter as a reading. */
export async function lookUp(
  connection: LdapConnection,
  config: LdapSettings,
  filter: Filter,
  anchors: readonly Anchor[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Anchor, Presence>> {
  const answers = new Map<Anchor, Presence>();
  const searchable: Anchor[] = [];
  for (const anchor of new Set(anchors)) {
    if (anchorOctets(config.attributes.anchor, anchor) === undefined) {
      const reason = `${anchor} is not a value of ${config.attributes.anchor}. Was attributes.anchor changed?`;
      answers.set(anchor, { kind: 'unknown', reason });
    } else {
      searchable.push(anchor);
    }
  }

  const find = finder(connection, config, filter, signal);
  let someFound = false;
  for (let from = 0; from < searchable.length; from += anchorsPerSearch) {
    const chunk = searchable.slice(from, from + anchorsPerSearch);
    const { found, outcome, unexplained } = await find(chunk);
    if (from === 0 && found.size === 0) throwIfNothingWasRead(outcome, config);
    someFound ||= found.size > 0;
    for (const anchor of chunk) {
      answers.set(
        anchor,
        found.has(anchor.toLowerCase()) ? { kind: 'present' } : missing(outcome, unexplained),
      );
    }
  }

  const hasAbsent = [...answers.values()].some((answer) => answer.kind === 'absent');
  if (!hasAbsent || someFound) return answers;
  const doubt = await doubtInAbsence(connection, config, filter, find);
  if (doubt === undefined) return answers;
  return new Map(
    [...answers].map(([anchor, answer]) => [
      anchor,
      answer.kind === 'absent' ? ({ kind: 'unknown', reason: doubt } as const) : answer,
    ]),
  );
}

function missing(outcome: SearchOutcome, unexplained: string | undefined): Presence {
  if (unexplained !== undefined) {
    const reason = `The search by anchor also found ${unexplained}, which can't be matched to an anchor that was asked for.`;
    return { kind: 'unknown', reason };
  }
  return outcome.kind === 'whole' ? { kind: 'absent' } : { kind: 'unknown', reason: outcome.reason };
}

interface Found {
  readonly found: ReadonlySet<string>;
  /** A DN that the server found by one of the anchors, though it shows another one or none. */
  readonly unexplained: string | undefined;
  readonly outcome: SearchOutcome;
}

type Find = (anchors: readonly string[]) => Promise<Found>;

/** A function that finds which of some anchors are there, in lower case: the server's comparison decides, not ours. */
function finder(connection: LdapConnection, config: LdapSettings, filter: Filter, signal: AbortSignal): Find {
  const attribute = config.attributes.anchor;
  return async (anchors) => {
    const parts: Filter[] = anchors.flatMap((anchor) => {
      const value = anchorOctets(attribute, anchor);
      return value === undefined ? [] : [{ kind: 'equal', attribute, value } as const];
    });
    const search = {
      base: config.baseDn,
      scope: 'sub',
      filter: { kind: 'and', parts: [filter, { kind: 'or', parts }] },
      attributes: [attribute],
    } as const;
    const asked = new Set(anchors.map((anchor) => anchor.toLowerCase()));
    const found = new Set<string>();
    let unexplained: string | undefined;
    const pages = searchTree(connection, config, search, signal);
    let step = await pages.next();
    while (!step.done) {
      for (const entry of step.value) {
        const matching = anchorsOf(entry, attribute).filter((anchor) => asked.has(anchor));
        if (matching.length === 0) unexplained ??= entry.dn;
        for (const anchor of matching) found.add(anchor);
      }
      step = await pages.next();
    }
    return { found, unexplained, outcome: step.value };
  };
}

/**
 * An account that lost its rights finds nobody, and gets success. So before all of the missing are called absent,
 * somebody else must be visible, and be found by anchor.
 */
async function doubtInAbsence(
  connection: LdapConnection,
  config: LdapSettings,
  filter: Filter,
  find: Find,
): Promise<string | undefined> {
  const attribute = config.attributes.anchor;
  const search = { base: config.baseDn, scope: 'sub', filter, attributes: [attribute] } as const;
  let witness: string | undefined;
  try {
    const { entries, result } = await readFirstPage(connection, search, 10);
    if (result.code !== resultCode.success) return `The server answered ${describeResult(result)}.`;
    witness = entries.flatMap((entry) => anchorsOf(entry, attribute))[0];
  } catch (error) {
    if (error instanceof ConnectionError) return `The connection was lost: ${error.message}.`;
    throw error;
  }
  if (witness === undefined) {
    return `The account sees nobody with a ${attribute} at all, so an absence proves nothing. Check its rights, and the filter.`;
  }
  const { found, outcome } = await find([witness]);
  if (found.has(witness)) return undefined;
  return outcome.kind === 'whole'
    ? `The account can't find people by ${attribute}, not even one whom it sees, so an absence proves nothing. Let it search by ${attribute}.`
    : outcome.reason;
}

function anchorsOf(entry: SearchEntry, attribute: string): readonly string[] {
  const key = normalDescription(attribute);
  return entry.attributes
    .filter(({ description }) => normalDescription(description) === key)
    .flatMap(({ values }) => values.map(valueRenderer(attribute)))
    .map((anchor) => anchor.toLowerCase());
}
