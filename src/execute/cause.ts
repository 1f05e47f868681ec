/** What many failures have in common: their sentence without what is of one person alone. */

/** From the most to the least particular: what an earlier one takes out, a later one does not see. */
const particulars: readonly (readonly [RegExp, string])[] = [
  // Whose path has an id in it; the server stays.
  [/\b(https?:\/\/[^\s/"'<>]+)\/[^\s"'<>]*[^\s"'<>:.,;]/gi, '$1/…'],
  [/[^\s"'<>(),;:/]+@[^\s"'<>(),;:/@]+\.[^\s"'<>(),;:/@]*[^\s"'<>(),;:/@.!?]/g, '(address)'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '(id)'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '(time)'],
  // An operation's, such as k3v9m2wt.17.
  [/\b(?=\w*\d)[a-z0-9]{8}\.\d+\b/g, '(id)'],
  // Letters and digits mixed, too long for a word or a version.
  [/(?<![\w.-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{6,}(?![\w-])/gi, '(id)'],
  // A status such as 409 stays, which says what went wrong, and so does a port.
  [/(?<![:\w.])\d{4,}(?!\w)/g, '(id)'],
];

export const causeOf = (message: string): string =>
  particulars
    .reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), message)
    .replaceAll(/\s+/g, ' ')
    .trim();
