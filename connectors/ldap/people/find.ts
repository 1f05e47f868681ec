/** Reads single people by e-mail address, login or anchor, as a whole reading would show them. */
import type { Identity, SourceId } from '../../../src/identity/identity.ts';
import type { ReadRequest, Sighting, SkippedRecord } from '../../connector.ts';
import { noGroups, openGroups } from '../groups/book.ts';
import { searchTree } from '../server/referrals.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { Filter } from '../wire/filter.ts';
import { isProxyAddresses } from './address.ts';
import { attributesToFetch, entryReader } from './entries.ts';
import { batchMaker, throwIfNothingWasRead } from './reading.ts';
import { anchorOctets } from './values.ts';

/** @param another - opens a second connection, for groups that turn up while people are being read */
export async function findPeople(
  connection: LdapConnection,
  config: LdapSettings,
  source: SourceId,
  filter: Filter,
  names: readonly string[],
  request: ReadRequest,
  another: () => Promise<LdapConnection>,
): Promise<Sighting> {
  const { signal } = request;
  const named: Filter = { kind: 'and', parts: [filter, { kind: 'or', parts: filtersOf(names, config) }] };
  const groups = request.groups
    ? await openGroups({ config, peopleFilter: named, connection, another, signal, ofFew: true })
    : noGroups;
  const search = {
    base: config.baseDn,
    scope: 'sub',
    filter: named,
    attributes: attributesToFetch(request.attributes, config, groups.attributes),
  } as const;
  const toBatch = batchMaker(entryReader(source, request.attributes, config), config.attributes.anchor);
  const identities: Identity[] = [];
  const skipped: SkippedRecord[] = [];
  const pages = searchTree(connection, config, search, signal);
  let step = await pages.next();
  while (!step.done) {
    const batch = toBatch(step.value, await groups.look(step.value));
    identities.push(...batch.identities);
    skipped.push(...batch.skipped);
    step = await pages.next();
  }
  if (identities.length + skipped.length === 0) throwIfNothingWasRead(step.value, config);
  return {
    identities,
    skipped,
    incomplete: step.value.kind === 'whole' ? undefined : step.value.reason,
    groupsUnknown: groups.doubt(),
  };
}

/** Every attribute in which somebody may have one of the names. */
function filtersOf(names: readonly string[], { attributes }: LdapSettings): readonly Filter[] {
  const { anchor, login, email } = attributes;
  return names.flatMap((name): readonly Filter[] => {
    const equal = (attribute: string, text: string): Filter => ({
      kind: 'equal',
      attribute,
      value: Buffer.from(text),
    });
    const id = anchorOctets(anchor, name);
    return [
      equal(login, name),
      ...email.map((attribute) => equal(attribute, isProxyAddresses(attribute) ? `smtp:${name}` : name)),
      ...(id === undefined ? [] : [{ kind: 'equal', attribute: anchor, value: id } as const]),
    ];
  });
}
