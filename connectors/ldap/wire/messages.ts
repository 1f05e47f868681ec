/** What a server can say, decoded from BER (RFC 4511 section 4). */
import { BerCursor, BerError, berTag } from './ber.ts';
import { SearchEntry } from './entry.ts';

/** How an operation ended (RFC 4511 section 4.1.9). */
export interface LdapResult {
  readonly code: number;
  readonly matchedDn: string;
  readonly diagnostic: string;
  readonly referrals: readonly string[];
  /** The cookie of a paged search; undefined where the server sent no such control. Empty after the last page. */
  readonly pageCookie: Buffer | undefined;
}

export type LdapMessage =
  | { readonly kind: 'entry'; readonly id: number; readonly entry: SearchEntry }
  | { readonly kind: 'reference'; readonly id: number; readonly uris: readonly string[] }
  | { readonly kind: 'result'; readonly id: number; readonly tag: number; readonly result: LdapResult };

/** Simple paged results, RFC 2696. */
export const pagedResultsOid = '1.2.840.113556.1.4.319';

export const responseTag = {
  bind: 0x61,
  entry: 0x64,
  searchDone: 0x65,
  reference: 0x73,
  extended: 0x78,
} as const;
const referralTag = 0xa3;
const controlsTag = 0xa0;

/**
 * Decodes one message.
 *
 * @throws {BerError} when it is broken or of a kind that nothing here asks for.
 */
export function decodeMessage(bytes: Buffer, messageStart = 0, messageEnd = bytes.length): LdapMessage {
  const message = new BerCursor(bytes, messageStart, messageEnd).enter(berTag.sequence);
  const id = message.integer();
  const tag = message.peek();
  switch (tag) {
    case responseTag.entry: {
      const { start, end } = message.skip();
      return { kind: 'entry', id, entry: new SearchEntry(bytes, start, end) };
    }
    case responseTag.reference:
      return { kind: 'reference', id, uris: decodeTexts(message.enter(tag)) };
    case responseTag.bind:
    case responseTag.searchDone:
    case responseTag.extended: {
      const body = message.enter(tag);
      return { kind: 'result', id, tag, result: decodeResult(body, message) };
    }
    default:
      throw new BerError(
        `the server sent a message of an unexpected kind (${tag === undefined ? 'empty' : `0x${tag.toString(16)}`})`,
      );
  }
}

function decodeResult(body: BerCursor, message: BerCursor): LdapResult {
  const code = body.integer(berTag.enumerated);
  const matchedDn = body.text();
  const diagnostic = body.text();
  const referrals = body.peek() === referralTag ? decodeTexts(body.enter(referralTag)) : [];
  const pageCookie =
    message.peek() === controlsTag ? decodePageCookie(message.enter(controlsTag)) : undefined;
  return { code, matchedDn, diagnostic, referrals, pageCookie };
}

function decodePageCookie(controls: BerCursor): Buffer | undefined {
  while (!controls.atEnd) {
    const control = controls.enter(berTag.sequence);
    if (control.text() !== pagedResultsOid) continue;
    if (control.peek() === berTag.boolean) control.skip();
    const value = new BerCursor(control.bytes()).enter(berTag.sequence);
    value.skip();
    return Buffer.from(value.bytes());
  }
  return undefined;
}

function decodeTexts(list: BerCursor): readonly string[] {
  const texts: string[] = [];
  while (!list.atEnd) texts.push(list.text());
  return texts;
}
