/**
 * The requests that Rollcall sends, encoded by ldapts: the only file that knows it. Its Client is not used. It hides
 * what a sync must know: the cookie of a page without entries, the entries before a size limit, referral addresses;
 * and it reconnects by itself, anonymously.
 */
import {
  Filter as AbstractFilter,
  Ber,
  type BerWriter,
  BindRequest,
  Control,
  ExtendedRequest,
  PagedResultsControl,
  SearchFilter,
  SearchRequest,
  UnbindRequest,
} from 'ldapts';
import type { Filter } from './filter.ts';

export interface Search {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** Besides that of paging. */
  readonly controls?: readonly RequestControl[];
}

/** A wish that goes with a request (RFC 4511 section 4.1.11). */
export interface RequestControl {
  readonly oid: string;
  /** A server that doesn't know it must refuse the request. */
  readonly isCritical: boolean;
  readonly value?: Buffer;
}

/** One page of a search: how many entries are asked for, and the cookie that the page before came with. */
export interface PageRequest {
  readonly size: number;
  readonly cookie: Buffer | undefined;
}

const startTlsOid = '1.3.6.1.4.1.1466.20037';

/** A simple bind (RFC 4511 section 4.2). An empty `dn` and password are an anonymous one. */
export function encodeBind(messageId: number, dn: string, password: string): Buffer {
  return new BindRequest({ messageId, dn, password }).write();
}

/** A bind by SASL EXTERNAL (RFC 4422 appendix A), asking for the identity that the client certificate has. */
export function encodeBindExternal(messageId: number): Buffer {
  return new BindRequest({ messageId, mechanism: 'EXTERNAL' }).write();
}

export function encodeStartTls(messageId: number): Buffer {
  return new ExtendedRequest({ messageId, oid: startTlsOid }).write();
}

export function encodeUnbind(messageId: number): Buffer {
  return new UnbindRequest({ messageId }).write();
}

/** A search without any limit of the client's own. With a page, asks for simple paged results (RFC 2696). */
export function encodeSearch(messageId: number, search: Search, page: PageRequest | undefined): Buffer {
  return new SearchRequest({
    messageId,
    baseDN: search.base,
    scope: search.scope,
    filter: new EncodedFilter(search.filter),
    attributes: [...search.attributes],
    // ldapts asks for 10 seconds unless told; no limit of ours may cut a reading short.
    timeLimit: 0,
    sizeLimit: 0,
    controls: [
      ...(search.controls ?? []).map((control) => new PlainControl(control)),
      // Not critical: a server without paging answers all at once, and a limit that it meets is still reported.
      ...(page === undefined
        ? []
        : [
            new PagedResultsControl({
              value: { size: page.size, ...(page.cookie && { cookie: page.cookie }) },
            }),
          ]),
    ],
  }).write();
}

/** A control with the octets that it is given. */
class PlainControl extends Control {
  readonly #value: Buffer | undefined;

  constructor({ oid, isCritical, value }: RequestControl) {
    super(oid, { critical: isCritical });
    this.#value = value;
  }

  protected override writeControl(writer: BerWriter): void {
    if (this.#value !== undefined) writer.writeBuffer(this.#value, Ber.OctetString);
  }
}

/** Writes any filter byte for byte; ldapts' own classes take text for some values and so can't carry every octet. */
class EncodedFilter extends AbstractFilter {
  readonly type = SearchFilter.present;
  readonly #filter: Filter;

  constructor(filter: Filter) {
    super();
    this.#filter = filter;
  }

  override write(writer: BerWriter): void {
    writeFilter(writer, this.#filter);
  }

  override toString(): string {
    return `a filter of kind ${this.#filter.kind}`;
  }
}

const comparisonTag = {
  equal: SearchFilter.equalityMatch,
  greaterOrEqual: SearchFilter.greaterOrEqual,
  lessOrEqual: SearchFilter.lessOrEqual,
  approximate: SearchFilter.approxMatch,
} as const;

function writeFilter(writer: BerWriter, filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      writer.startSequence(filter.kind === 'and' ? SearchFilter.and : SearchFilter.or);
      for (const part of filter.parts) writeFilter(writer, part);
      writer.endSequence();
      return;
    case 'not':
      writer.startSequence(SearchFilter.not);
      writeFilter(writer, filter.part);
      writer.endSequence();
      return;
    case 'present':
      writer.writeString(filter.attribute, SearchFilter.present);
      return;
    case 'equal':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approximate':
      writer.startSequence(comparisonTag[filter.kind]);
      writer.writeString(filter.attribute);
      writer.writeBuffer(filter.value, Ber.OctetString);
      writer.endSequence();
      return;
    case 'substrings':
      writer.startSequence(SearchFilter.substrings);
      writer.writeString(filter.attribute);
      writer.startSequence();
      if (filter.initial) writer.writeBuffer(filter.initial, 0x80);
      for (const piece of filter.any) writer.writeBuffer(piece, 0x81);
      if (filter.final) writer.writeBuffer(filter.final, 0x82);
      writer.endSequence();
      writer.endSequence();
      return;
    case 'extensible':
      writer.startSequence(SearchFilter.extensibleMatch);
      if (filter.rule !== undefined) writer.writeString(filter.rule, 0x81);
      if (filter.attribute !== undefined) writer.writeString(filter.attribute, 0x82);
      writer.writeBuffer(filter.value, 0x83);
      if (filter.dnAttributes) writer.writeBoolean(true, 0x84);
      writer.endSequence();
      return;
    default:
      filter satisfies never;
  }
}
