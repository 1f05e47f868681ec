/** Attribute values as text. The form depends on the attribute alone, never on what bytes it happens to hold... */
import { isUtf8 } from 'node:buffer';

/** ...with one exception: text attributes whose bytes are not UTF-8 come as base64, since nothing else is lossless. */
type ValueForm = 'text' | 'guid' | 'sid' | 'base64';

const forms: ReadonlyMap<string, ValueForm> = new Map([
  ['objectguid', 'guid'],
  ['msexchmailboxguid', 'guid'],
  ['ms-ds-consistencyguid', 'guid'],
  ['objectsid', 'sid'],
  ['sidhistory', 'sid'],
  ['tokengroups', 'sid'],
  ['jpegphoto', 'base64'],
  ['thumbnailphoto', 'base64'],
  ['photo', 'base64'],
  ['audio', 'base64'],
  ['usercertificate', 'base64'],
  ['usersmimecertificate', 'base64'],
  ['userpkcs12', 'base64'],
]);

/** Whether values of the attribute are pictures, sounds or certificates. */
export const isBulky = (name: string): boolean => forms.get(name.toLowerCase()) === 'base64';

/** A function that renders the value between two offsets, for any spelling of its attribute's description. */
export function valueReader(description: string): (bytes: Buffer, start: number, end: number) => string {
  const form = formOf(description);
  switch (form) {
    case 'guid':
      return (bytes, start, end) =>
        end - start === 16 ? guidText(bytes.subarray(start, end)) : textOrBase64(bytes, start, end);
    case 'sid':
      return (bytes, start, end) => sidText(bytes.subarray(start, end)) ?? textOrBase64(bytes, start, end);
    case 'base64':
      return (bytes, start, end) => bytes.toString('base64', start, end);
    case 'text':
      return textOrBase64;
    default:
      return form satisfies never;
  }
}

/** Whether values of the attribute are the text that their bytes are. */
export const isPlainText = (description: string): boolean => formOf(description) === 'text';

function formOf(description: string): ValueForm {
  const [name = '', ...options] = description.toLowerCase().split(';');
  return options.includes('binary') ? 'base64' : (forms.get(name) ?? 'text');
}

/** A function that renders an attribute's values, for any spelling of its description. */
export function valueRenderer(description: string): (value: Buffer) => string {
  const read = valueReader(description);
  return (value) => read(value, 0, value.length);
}

/**
 * The octets to look an anchor up by, or undefined where the text can't be a value of that attribute.
 */
export function anchorOctets(attribute: string, anchor: string): Buffer | undefined {
  const name = attribute.toLowerCase();
  const form = forms.get(name) ?? 'text';
  if (form === 'guid') return guidOctets(anchor);
  if (form !== 'text' || anchor === '') return undefined;
  if ((name === 'entryuuid' || name === 'ipauniqueid') && !uuid.test(anchor)) return undefined;
  if (name === 'nsuniqueid' && !nsUniqueId.test(anchor)) return undefined;
  return Buffer.from(anchor);
}

/** Whether the attribute's text means the same in upper and lower case: then anchors are kept in lower case. */
export function ignoresCase(attribute: string): boolean {
  const name = attribute.toLowerCase();
  return ['entryuuid', 'nsuniqueid', 'ipauniqueid'].includes(name) || forms.get(name) === 'guid';
}

/** As 389 DS and Oracle write it: four groups of eight digits. */
const nsUniqueId = /^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function textOrBase64(bytes: Buffer, start: number, end: number): string {
  // UTF-8, without a look at the encoding's name: that is much of what a short text costs.
  const text = bytes.toString(undefined, start, end);
  // Only what is no UTF-8, or has this very character in it, needs a second look.
  if (!text.includes('\ufffd') || isUtf8(bytes.subarray(start, end))) return text;
  return bytes.toString('base64', start, end);
}

/** The first three fields of a GUID are stored little-endian ([MS-DTYP] 2.3.4.2). */
function guidText(value: Buffer): string {
  const hex = Buffer.concat([
    Buffer.from(value.subarray(0, 4)).reverse(),
    Buffer.from(value.subarray(4, 6)).reverse(),
    Buffer.from(value.subarray(6, 8)).reverse(),
    value.subarray(8),
  ]).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function guidOctets(text: string): Buffer | undefined {
  if (!uuid.test(text)) return undefined;
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** A security identifier as `S-1-...` ([MS-DTYP] 2.4.2.1). */
function sidText(value: Buffer): string | undefined {
  const count = value[1] ?? 0;
  if (value[0] !== 1 || value.length !== 8 + 4 * count) return undefined;
  const parts = Array.from({ length: count }, (_, index) => value.readUInt32LE(8 + 4 * index));
  return ['S-1', value.readUIntBE(2, 6), ...parts].join('-');
}
