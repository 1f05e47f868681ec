/** From a directory's entry to an identity, or to the reason why it can't be one. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { Anchor, Attributes, Identity, SourceId } from '../../../src/identity/identity.ts';
import type { SkippedRecord, WantedAttributes } from '../../connector.ts';
import type { SearchEntry } from '../wire/messages.ts';
import { ignoresCase, valueRenderer } from './values.ts';

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
  const spellings = wanted === 'all' ? undefined : spellingsOf(wanted);
  const renderers = new Map<string, (value: Buffer) => string>();
  const render = (description: string, values: readonly Buffer[]): readonly string[] => {
    let renderer = renderers.get(description);
    if (renderer === undefined) {
      renderer = valueRenderer(description);
      renderers.set(description, renderer);
    }
    return values.map(renderer);
  };
  const keys = {
    anchor: normalDescription(names.anchor),
    login: normalDescription(names.login),
    email: normalDescription(names.email),
    groups: normalDescription(names.groups),
  };
  const foldAnchor = ignoresCase(names.anchor);

  return (entry) => {
    const byKey = new Map<string, readonly string[]>();
    const attributes: [string, readonly string[]][] = [];
    for (const { description, values } of entry.attributes) {
      if (values.length === 0) continue;
      const key = normalDescription(description);
      const isOwn = key === keys.anchor || key === keys.login || key === keys.email || key === keys.groups;
      const wantedAs =
        spellings === undefined
          ? secrets.has(key.split(';', 1)[0] ?? '')
            ? []
            : [description]
          : (spellings.get(key) ?? []);
      if (!isOwn && wantedAs.length === 0) continue;
      const texts = render(description, values);
      if (isOwn) byKey.set(key, texts);
      for (const name of wantedAs) attributes.push([name, texts]);
    }

    const anchors = byKey.get(keys.anchor) ?? [];
    const [anchor = ''] = anchors;
    if (anchor === '' || anchors.length > 1) {
      return { kind: 'nameless', skipped: namelessRecord(entry.dn, names.anchor, anchors.length) };
    }
    return {
      kind: 'identity',
      identity: {
        source,
        anchor: brandAnchor(foldAnchor ? anchor.toLowerCase() : anchor),
        label: entry.dn,
        login: filled(byKey.get(keys.login)?.[0]),
        email: filled(byKey.get(keys.email)?.[0]?.trim()),
        // This kind of directory has no common sign for a disabled account; the source's `active` rule decides.
        active: true,
        whyInactive: undefined,
        leaveAt: undefined,
        leaveAtFrom: undefined,
        groups: byKey.get(keys.groups) ?? [],
        attributes: toAttributes(attributes),
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

function spellingsOf(wanted: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy([...new Set(wanted)], normalDescription);
}

function namelessRecord(dn: string, attribute: string, count: number): SkippedRecord {
  const reason =
    count > 1
      ? `${dn} has ${count} values of ${attribute}, so nobody can say which one it is known by. Choose an attribute with one value as attributes.anchor.`
      : `${dn} has no ${attribute}, so it can't be told from others. Let the account read ${attribute}, choose another attributes.anchor, or leave the entry out by the filter.`;
  return { label: dn, anchor: undefined, reason };
}

function toAttributes(pairs: readonly (readonly [string, readonly string[]])[]): Attributes {
  return Object.fromEntries(pairs);
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/** The border where a directory's text becomes an anchor. */
function brandAnchor(text: string): Anchor {
  return text as Anchor;
}
