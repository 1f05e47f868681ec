/** From an LDIF entry to a person, or to the reason why it is none. */
import { isUtf8 } from 'node:buffer';
import type { LdifSourceConfig } from '../../config/schema.ts';
import type { Anchor, Attributes, Identity, SourceId } from '../../src/identity/identity.ts';
import { readStartDay, startDateOf } from '../../src/identity/start-date.ts';
import type { SkippedRecord, WantedAttributes } from '../connector.ts';
import type { LdifEntry } from './record.ts';
import { comparableName, guidText } from './values.ts';

export type ReadEntry =
  | { readonly kind: 'person'; readonly identity: Identity }
  | { readonly kind: 'skipped'; readonly record: SkippedRecord }
  | { readonly kind: 'other' };

type Values = ReadonlyMap<
  string,
  { readonly spelling: string; readonly values: readonly (string | Buffer)[] }
>;

/** Server-made ids, which LDAP compares without regard to case. Another anchor is taken to the letter. */
const caselessAnchors = new Set(['entryuuid', 'nsuniqueid', 'objectguid', 'guid', 'ibm-entryuuid']);

function collect(entry: LdifEntry): Values {
  const byName = new Map<string, { spelling: string; values: (string | Buffer)[] }>();
  for (const { attribute, value } of entry.values) {
    const name = comparableName(attribute);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, { spelling: attribute, values: [value] });
    else known.values.push(value);
  }
  return byName;
}

/** Text as it is; bytes that are no text (a photo, a SID) as base64, as LDIF itself would write them. */
const asText = (value: string | Buffer): string =>
  typeof value === 'string' ? value : value.toString(isUtf8(value) ? 'utf8' : 'base64');

/** An objectGUID is 16 bytes, which can happen to be valid UTF-8: the name decides, not the bytes. */
const asTextOf = (name: string, value: string | Buffer): string =>
  name === 'objectguid' && Buffer.isBuffer(value) && value.length === 16 ? guidText(value) : asText(value);

function textsOf(values: Values, attribute: string): readonly string[] {
  const name = comparableName(attribute);
  return values.get(name)?.values.map((value) => asTextOf(name, value)) ?? [];
}

function wantedAttributes(values: Values, wanted: WantedAttributes): Attributes {
  const spellings = wanted === 'all' ? [...values.values()].map(({ spelling }) => spelling) : wanted;
  const found = spellings.map((spelling) => [spelling, textsOf(values, spelling)] as const);
  return Object.fromEntries(found.filter(([, texts]) => texts.length > 0));
}

const accountDisable = 2;

/**
 * What in the record says that the account is disabled: the marks of Active Directory, 389 DS and Oracle, eDirectory,
 * and OpenLDAP's password policy (locked for good).
 */
function whyInactive(values: Values): string | undefined {
  const first = (name: string) => textsOf(values, name)[0]?.trim().toLowerCase();
  const control = Number(first('userAccountControl') ?? 0);
  const disabledBy =
    (Number.isInteger(control) && (control & accountDisable) !== 0 && 'userAccountControl') ||
    (first('nsAccountLock') === 'true' && 'nsAccountLock') ||
    (first('loginDisabled') === 'true' && 'loginDisabled') ||
    (first('pwdAccountLockedTime') === '000001010000z' && 'pwdAccountLockedTime');
  return disabledBy ? `The account is disabled in the source (${disabledBy}).` : undefined;
}

type ReadAnchor =
  | { readonly kind: 'anchor'; readonly anchor: Anchor }
  | { readonly kind: 'none'; readonly reason: string };

function readAnchor(values: Values, attribute: string): ReadAnchor {
  const none = (reason: string): ReadAnchor => ({ kind: 'none', reason });
  const name = comparableName(attribute);
  const given = values.get(name)?.values ?? [];
  const [only] = given;
  if (only === undefined || asText(only).trim() === '')
    return none(
      `It has no ${attribute}, so the person can't be recognised again. Export it: ldapsearch gives operational attributes when '+' or the attribute's name is asked for.`,
    );
  if (given.length > 1)
    return none(
      `It has ${given.length} values of ${attribute}; an anchor must have one. Choose another anchor.`,
    );
  if (Buffer.isBuffer(only) && !(name === 'objectguid' && only.length === 16) && !isUtf8(only))
    return none(`Its ${attribute} is ${only.length} bytes that are no text. Choose another anchor.`);
  if (name === 'objectguid' && Buffer.isBuffer(only) && only.length !== 16 && only.length !== 36)
    return none(`Its objectGUID has ${only.length} bytes instead of 16. Export the file anew.`);
  const text = asTextOf(name, only).trim();
  return { kind: 'anchor', anchor: (caselessAnchors.has(name) ? text.toLowerCase() : text) as Anchor };
}

export interface EntryReader {
  /** Makes the person of an entry; a second one with the same anchor is skipped. */
  read(entry: LdifEntry): ReadEntry;
}

/** A reader for one pass over the file: it remembers the anchors that it has given out. */
export function createEntryReader(config: LdifSourceConfig, wanted: WantedAttributes): EntryReader {
  const lineByAnchor = new Map<Anchor, number>();
  const source = config.id as SourceId;
  const objectClass = config.filter.objectClass.toLowerCase();

  return {
    read(entry) {
      const values = collect(entry);
      const skipped = (anchor: Anchor | undefined, reason: string): ReadEntry => ({
        kind: 'skipped',
        record: { label: entry.dn, anchor, reason: `Line ${entry.line}: ${reason}` },
      });
      const classes = textsOf(values, 'objectClass');
      const found = readAnchor(values, config.attributes.anchor);
      if (classes.length === 0)
        return skipped(
          found.kind === 'anchor' ? found.anchor : undefined,
          'It has no objectClass, so nobody can tell whether it is a person. Export objectClass as well.',
        );
      if (!classes.some((name) => name.trim().toLowerCase() === objectClass)) return { kind: 'other' };
      if (found.kind === 'none') return skipped(undefined, found.reason);

      const { anchor } = found;
      const earlier = lineByAnchor.get(anchor);
      if (earlier !== undefined)
        return skipped(
          anchor,
          `Its ${config.attributes.anchor} is that of line ${earlier} too, which was taken. Remove one of the two.`,
        );
      lineByAnchor.set(anchor, entry.line);
      const disabled = whyInactive(values);
      const { startDate } = config.attributes;
      const start =
        startDate &&
        startDateOf(textsOf(values, startDate.attribute), startDate.attribute, (text) =>
          readStartDay(text, startDate),
        );
      const identity: Identity = {
        source,
        anchor,
        label: entry.dn,
        login: textsOf(values, config.attributes.login)[0],
        email: textsOf(values, config.attributes.email)[0],
        employeeNumber: textsOf(values, config.attributes.employeeNumber)[0],
        active: disabled === undefined,
        whyInactive: disabled,
        leaveAt: undefined,
        leaveAtFrom: undefined,
        ...(start === undefined ? {} : { start }),
        groups: textsOf(values, config.attributes.groups),
        attributes: wantedAttributes(values, wanted),
      };
      return { kind: 'person', identity };
    },
  };
}
