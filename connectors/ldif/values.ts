/** Small forms inside LDIF: attribute descriptions, base64, and the binary GUID of Active Directory. */

const description = /^[A-Za-z0-9][A-Za-z0-9._-]*(;[A-Za-z0-9._=-]+)*$/;
const knownDescriptions = new Set<string>();

/** Whether the text is an attribute description (RFC 4512, 2.5): name or OID, then options. `_` is tolerated. */
export function isAttributeDescription(text: string): boolean {
  if (knownDescriptions.has(text)) return true;
  if (!description.test(text)) return false;
  // A file repeats some dozens of names; the bound keeps a hostile one from filling the memory.
  if (knownDescriptions.size < 1_000) knownDescriptions.add(text);
  return true;
}

/** The attribute's name in lower case, without `;binary`, which tells of the transfer and not of the attribute. */
export function comparableName(attribute: string): string {
  const name = attribute.toLowerCase();
  return name.includes(';') ? name.replaceAll(/;binary(?=;|$)/g, '') : name;
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes, or undefined where the text is no whole base64 (RFC 4648, 4): cut off, or with other characters. */
export function decodeBase64(text: string): Buffer | undefined {
  const trimmed = text.trimEnd();
  return trimmed.length % 4 === 0 && base64.test(trimmed) ? Buffer.from(trimmed, 'base64') : undefined;
}

/** Writes the 16 bytes of an objectGUID as Microsoft's tools do: the first three groups are little-endian. */
export function guidText(bytes: Buffer): string {
  const hex = (from: number, to: number) => bytes.toString('hex', from, to);
  const swapped = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join('-');
}
