/** From a directory's entry to an identity, or to the reason why it can't be one. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { Anchor, Identity, SourceId } from '../../../src/identity/identity.ts';
import type { SkippedRecord, WantedAttributes } from '../../connector.ts';
import { type AttributeUse, DescriptionTable, type SearchEntry } from '../wire/entry.ts';
import { ignoresCase, valueReader } from './values.ts';

export type EntryOutcome =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** Nobody knows who this is; so nobody's absence can be concluded from the reading. */
  | { readonly kind: 'nameless'; readonly skipped: SkippedRecord };

/** Never fetched by `*`: what nobody should hold who isn't the directory. By name they can still be had. */
const secrets = new Set([
  'userpassword',
  'unicodepwd',
  'sambantpassword',
  'sambalmpassword',
  'krbprincipalkey',
]);

/** The attributes to ask the server for: what is wanted, and what an identity needs. */
export function attributesToFetch(
  wanted: WantedAttributes,
  names: LdapSourceConfig['attributes'],
): readonly string[] {
  const own = [names.anchor, names.login, names.email, names.groups];
  // `*` leaves out operational attributes such as entryUUID and memberOf: those are named.
  const all = wanted === 'all' ? ['*', ...own] : [...own, ...wanted];
  return [...new Map(all.map((name) => [normalDescription(name), name])).values()];
}

/** A function that makes entries into identities. */
export function entryReader(
  source: SourceId,
  wanted: WantedAttributes,
  names: LdapSourceConfig['attributes'],
): (entry: SearchEntry) => EntryOutcome {
  const uses = new DescriptionTable(attributeUser(wanted, names));
  const foldAnchor = ignoresCase(names.anchor);

  return (entry) => {
    const own: Record<OwnKey, readonly string[]> = { anchor: [], login: [], email: [], groups: [] };
    const attributes: Record<string, readonly string[]> = {};
    entry.read(uses, (use, texts) => {
      if (texts.length === 0) return;
      for (const key of use.keys) own[key] = texts;
      for (const name of use.names) attributes[name] = texts;
    });

    const [anchor = ''] = own.anchor;
    if (anchor === '' || own.anchor.length > 1) {
      return { kind: 'nameless', skipped: namelessRecord(entry.dn, names.anchor, own.anchor.length) };
    }
    return {
      kind: 'identity',
      identity: {
        source,
        anchor: brandAnchor(foldAnchor ? anchor.toLowerCase() : anchor),
        label: entry.dn,
        login: filled(own.login[0]),
        email: filled(own.email[0]?.trim()),
        // This kind of directory has no common sign for a disabled account; the source's `active` rule decides.
        active: true,
        whyInactive: undefined,
        leaveAt: undefined,
        leaveAtFrom: undefined,
        groups: own.groups,
        attributes: attributes,
      },
    };
  };
}

/** An attribute description in the one form that comparisons use: lower case, options in order (RFC 4512 2.5). */
export function normalDescription(description: string): string {
  const lower = description.toLowerCase();
  if (!lower.includes(';')) return lower;
  const [name = '', ...options] = lower.split(';');
  return [name, ...options.sort()].join(';');
}

type OwnKey = 'anchor' | 'login' | 'email' | 'groups';

interface IdentityUse extends AttributeUse {
  /** What of an identity the attribute is. */
  readonly keys: readonly OwnKey[];
  /** Under which names it was asked for. */
  readonly names: readonly string[];
}

/** A function that says what an attribute is good for, by its description; undefined for nothing. */
function attributeUser(
  wanted: WantedAttributes,
  { anchor, login, email, groups }: LdapSourceConfig['attributes'],
): (description: string) => IdentityUse | undefined {
  const own = (
    [
      ['anchor', anchor],
      ['login', login],
      ['email', email],
      ['groups', groups],
    ] as const
  ).map(([key, name]) => ({ key, name: normalDescription(name) }));
  const spellings = wanted === 'all' ? undefined : spellingsOf(wanted);
  return (description) => {
    const name = normalDescription(description);
    const keys = own.filter((one) => one.name === name).map(({ key }) => key);
    const names = spellings === undefined ? unlessSecret(description) : (spellings.get(name) ?? []);
    if (keys.length === 0 && names.length === 0) return undefined;
    return { keys, names, text: valueReader(description) };
  };
}

function unlessSecret(description: string): readonly string[] {
  const [name = ''] = description.toLowerCase().split(';', 1);
  return secrets.has(name) ? [] : [description];
}

function spellingsOf(wanted: readonly string[]): ReadonlyMap<string, readonly string[]> {
  // No attribute has that name, and as a key it would not be one.
  const names = wanted.filter((name) => name !== '__proto__');
  return Map.groupBy([...new Set(names)], normalDescription);
}

function namelessRecord(dn: string, attribute: string, count: number): SkippedRecord {
  const reason =
    count > 1
      ? `${dn} has ${count} values of ${attribute}, so nobody can say which one it is known by. Choose an attribute with one value as attributes.anchor.`
      : `${dn} has no ${attribute}, so it can't be told from others. Let the account read ${attribute}, choose another attributes.anchor, or leave the entry out by the filter.`;
  return { label: dn, anchor: undefined, reason };
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/** The border where a directory's text becomes an anchor. */
function brandAnchor(text: string): Anchor {
  return text as Anchor;
}
