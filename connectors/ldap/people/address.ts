/** Somebody's e-mail address, from the attributes that may have it. */

const primary = 'SMTP:';

/** The first attribute that has an address, and its first one. */
export function firstAddress(
  attributes: readonly string[],
  valuesOf: (attribute: string) => readonly string[],
): string | undefined {
  for (const attribute of attributes) {
    const values = valuesOf(attribute);
    const address = isProxyAddresses(attribute) ? primaryOf(values) : values[0]?.trim();
    if (address !== undefined && address !== '') return address;
  }
  return undefined;
}

/** Whether it has addresses of every kind, each behind its kind. */
export const isProxyAddresses = (attribute: string): boolean => attribute.toLowerCase() === 'proxyaddresses';

/**
 * Exchange keeps every address of a mailbox in `proxyAddresses`, each behind its kind. In upper case, `SMTP:` marks the one
 * that mail is sent from; `smtp:`, `X400:`, `SIP:` and others are not that.
 */
function primaryOf(values: readonly string[]): string | undefined {
  return values
    .find((value) => value.startsWith(primary))
    ?.slice(primary.length)
    .trim();
}
