import type { AttributeValue } from './profile.ts';

/** What a body turned out to be. `garbage` covers cut-off JSON, other formats, and text that is not UTF-8. */
export type Body =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: AttributeValue }
  | { readonly kind: 'html'; readonly title: string | undefined }
  /** Something else, where something else was asked for. */
  | { readonly kind: 'file' }
  | { readonly kind: 'garbage' };

/** Reads a body as JSON whatever its media type says: servers are careless with the header, not with the text. */
export function readBody(bytes: Uint8Array): Body {
  let text: string;
  try {
    // Fatal: a name with a replacement character in it would be written back damaged by the next PUT.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    return { kind: 'garbage' };
  }
  if (text === '') return { kind: 'empty' };
  if (text.startsWith('<')) return { kind: 'html', title: titleOf(text) };
  try {
    const value: AttributeValue = JSON.parse(text);
    return { kind: 'json', value };
  } catch {
    return { kind: 'garbage' };
  }
}

/** Reads a body where a file of any format is wanted: all but nothing and a web page is one. */
export function readFileBody(bytes: Uint8Array): Body {
  const start = new TextDecoder().decode(bytes.subarray(0, 10_000)).trim();
  if (bytes.length === 0) return { kind: 'empty' };
  return start.startsWith('<') ? { kind: 'html', title: titleOf(start) } : { kind: 'file' };
}

/** An object with properties, as opposed to a list, a scalar or null. */
export function isRecord(
  value: AttributeValue | undefined,
): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function titleOf(html: string): string | undefined {
  return /<title[^>]*>([^<]{1,200})/i.exec(html.slice(0, 10_000))?.[1];
}
