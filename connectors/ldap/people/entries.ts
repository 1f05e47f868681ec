/** From a directory's entry to an identity, or to the reason why it can't be one. */
import type { Anchor, Identity, RecordPrint, SourceId } from '../../../src/identity/identity.ts';
import type { ReadRequest, Recalled, SkippedRecord, WantedAttributes } from '../../connector.ts';
import { lifecycleAttributes, lifecycleReader } from '../lifecycle/lifecycle.ts';
import { readStartDate } from '../lifecycle/start-date.ts';
import { branchFinder } from '../names/branches.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import { type AttributeUse, DescriptionTable, type SearchEntry } from '../wire/entry.ts';
import { EntryPrint } from '../wire/entry-print.ts';
import { firstAddress } from './address.ts';
import { ignoresCase, isBulky, isPlainText, valueReader } from './values.ts';

export type EntryOutcome =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** Whoever reads knows their record already. */
  | ({ readonly kind: 'recalled'; readonly label: string } & Recalled)
  /** Somebody of whom too much is unclear: they are left as they are. */
  | { readonly kind: 'unclear'; readonly label: string; readonly anchor: Anchor; readonly reason: string }
  /** Nobody knows who this is; so nobody's absence can be concluded from the reading. */
  | { readonly kind: 'nameless'; readonly skipped: SkippedRecord };

type EntrySettings = Pick<LdapSettings, 'attributes' | 'baseDn' | 'leavers' | 'startDate'>;

/** Never kept of `*`: what nobody should hold who isn't the directory. By name they can still be had. */
const secrets = new Set([
  'userpassword',
  'unicodepwd',
  'sambantpassword',
  'sambalmpassword',
  'krbprincipalkey',
]);

/**
 * The attributes to ask the server for: what is wanted, and what an identity needs.
 *
 * @param forGroups - what finding somebody's groups needs
 */
export function attributesToFetch(
  wanted: WantedAttributes,
  settings: EntrySettings,
  forGroups: readonly string[] = [],
): readonly string[] {
  const own = [...ownAttributes(settings), ...forGroups];
  // `*` leaves out operational attributes such as entryUUID and memberOf: those are named.
  const all = wanted === 'all' ? ['*', ...own, settings.attributes.groups] : [...own, ...wanted];
  return [...new Map(all.map((name) => [normalDescription(name), name])).values()];
}

/** What an identity is made of, besides the attributes that are wanted. */
const ownAttributes = ({ attributes, leavers, startDate }: EntrySettings): readonly string[] => [
  attributes.anchor,
  attributes.login,
  ...attributes.email,
  attributes.employeeNumber,
  ...lifecycleAttributes(leavers),
  ...(startDate === undefined ? [] : [startDate.attribute]),
];

/** A function that makes entries into identities, except those that are recalled. */
export function entryReader(
  source: SourceId,
  wanted: WantedAttributes,
  settings: EntrySettings,
  recall?: ReadRequest['recall'],
): (entry: SearchEntry, groups: readonly string[]) => EntryOutcome {
  const branchesOf = branchFinder(settings.baseDn);
  const { attributes: names, leavers, startDate } = settings;
  const ownNames = [...new Set(ownAttributes(settings))];
  const uses = new DescriptionTable(attributeUser(wanted, ownNames));
  // Of the entry at hand. A map for each entry would cost as much as reading it.
  const places = new Map(ownNames.map((name, place) => [name, place]));
  const own: (readonly string[])[] = ownNames.map(() => none);
  const valuesOf = (name: string): readonly string[] => own[places.get(name) ?? -1] ?? none;
  const readLifecycle = lifecycleReader(leavers);
  const foldAnchor = ignoresCase(names.anchor);
  const anchorOf = (id: string): Anchor => brandAnchor(foldAnchor ? id.toLowerCase() : id);
  const anchorUses = new DescriptionTable(attributeUser([], [names.anchor]));
  const print = new EntryPrint(JSON.stringify([wanted, names, settings.baseDn, leavers, startDate]));

  /** Looks at nothing but who it is, and whether their record is known. */
  function recalled(entry: SearchEntry, printed: RecordPrint): EntryOutcome | undefined {
    const [id = '', ...others] = entry.pick(anchorUses);
    if (id === '' || others.length > 0) return undefined;
    const anchor = anchorOf(id);
    if (recall?.(anchor, printed) !== true) return undefined;
    const label = entry.dn;
    return { kind: 'recalled', label, anchor, branches: branchesOf(label) };
  }

  return (entry, groups) => {
    const printed = recall === undefined ? undefined : entry.printInto(print);
    const known = printed && recalled(entry, printed);
    if (known !== undefined) return known;

    own.fill(none);
    const attributes: Record<string, readonly string[]> = {};
    entry.read(uses, (use, texts) => {
      if (texts.length === 0) return;
      for (const place of use.own) own[place] = texts;
      for (const name of use.names) attributes[name] = texts;
    });

    const label = entry.dn;
    const anchors = valuesOf(names.anchor);
    const [id = ''] = anchors;
    if (id === '' || anchors.length > 1) {
      return { kind: 'nameless', skipped: namelessRecord(label, names.anchor, anchors.length) };
    }
    const anchor = anchorOf(id);
    const lifecycle = readLifecycle(valuesOf);
    if (lifecycle.kind === 'unclear') {
      return { kind: 'unclear', label, anchor, reason: lifecycle.reason };
    }
    const start = startDate && readStartDate(valuesOf(startDate.attribute), startDate);
    return {
      kind: 'identity',
      identity: {
        source,
        anchor,
        label,
        login: filled(valuesOf(names.login)[0]?.trim()),
        email: firstAddress(names.email, valuesOf),
        employeeNumber: filled(valuesOf(names.employeeNumber)[0]?.trim()),
        active: lifecycle.whyInactive === undefined,
        whyInactive: lifecycle.whyInactive,
        leaveAt: lifecycle.leaveAt,
        leaveAtFrom: lifecycle.leaveAtFrom,
        ...(start === undefined ? {} : { start }),
        groups,
        attributes,
        branches: branchesOf(label),
        ...(printed === undefined ? {} : { print: { low: printed.low, high: printed.high } }),
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

const none: readonly string[] = [];
const nowhere: readonly number[] = [];

interface IdentityUse extends AttributeUse {
  /** As which of the attributes that an identity is made of. */
  readonly own: readonly number[];
  /** Under which names it was asked for. */
  readonly names: readonly string[];
}

/** A function that says what an attribute is good for, by its description; undefined for nothing. */
function attributeUser(
  wanted: WantedAttributes,
  ownNames: readonly string[],
): (description: string) => IdentityUse | undefined {
  const ownSpellings = Map.groupBy(ownNames.keys(), (place) => normalDescription(ownNames[place] ?? ''));
  const spellings = wanted === 'all' ? undefined : spellingsOf(wanted);
  return (description) => {
    const name = normalDescription(description);
    const own = ownSpellings.get(name) ?? nowhere;
    const names = spellings === undefined ? unlessUnasked(description) : (spellings.get(name) ?? none);
    if (own.length === 0 && names.length === 0) return undefined;
    // What an identity is known by is kept as long as the run.
    const isPlain = own.length === 0 && isPlainText(description);
    return { own, names, isPlain, text: valueReader(description) };
  };
}

/** Of `*`: photos and certificates weigh more than all the rest of a person, and no rule reads them by chance. */
function unlessUnasked(description: string): readonly string[] {
  const [name = ''] = description.toLowerCase().split(';', 1);
  return secrets.has(name) || isBulky(name) ? none : [description];
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
