/** Cursors: where a page of a list begins. Opaque and signed, so that nobody builds on what is in one, or sends one of their own. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { ApiProblem } from './problem.ts';

export interface Cursors {
  write(list: string, place: unknown): string;
  /** @throws {ApiProblem} where it is none of this list */
  read<Place>(list: string, cursor: string | undefined, place: z.ZodType<Place>): Place | undefined;
}

/** @param secret - every process that serves the same store comes to the same one */
export function cursorsWith(secret: string): Cursors {
  const key = createHmac('sha256', secret).update('rollcall api cursors').digest();
  const sign = (list: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${list}\n${text}`).digest().subarray(0, signatureBytes);
  return {
    write(list, place) {
      const text = JSON.stringify(place);
      return Buffer.concat([sign(list, text), Buffer.from(text)]).toString('base64url');
    },
    read(list, cursor, place) {
      if (cursor === undefined) return undefined;
      const bytes = Buffer.from(cursor, 'base64url');
      const [signature, text] = [
        bytes.subarray(0, signatureBytes),
        bytes.subarray(signatureBytes).toString(),
      ];
      const isOurs = signature.length === signatureBytes && timingSafeEqual(signature, sign(list, text));
      if (isOurs) return place.parse(JSON.parse(text));
      throw new ApiProblem(
        'not-understood',
        'The cursor is none of this list. Take it from `next` of the page before, as it is.',
        { faults: [{ pointer: '/query/cursor', detail: 'Not a cursor of this list.' }] },
      );
    },
  };
}

const signatureBytes = 12;
