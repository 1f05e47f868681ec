/** The configured tokens, without their text in memory any longer than needed. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../../config/schema.ts';
import type { Visitor } from './roles.ts';

export interface TokenBook {
  readonly isEmpty: boolean;
  /** Whose a presented token is. Takes as long for a wrong one as for a right one. */
  visitorWith(presented: string): Visitor | undefined;
  /** Who has the token of this name now; undefined where the configuration has none any more. */
  visitorNamed(name: string): Visitor | undefined;
}

export function tokenBook(tokens: Config['server']['tokens']): TokenBook {
  const entries = tokens.map(({ name, role, token }) => ({
    digest: digestOf(token),
    visitor: { name, role, actor: `token:${name}` },
  }));
  return {
    isEmpty: entries.length === 0,
    visitorWith(presented) {
      const digest = digestOf(presented);
      let found: Visitor | undefined;
      for (const entry of entries) if (timingSafeEqual(entry.digest, digest)) found = entry.visitor;
      return found;
    },
    visitorNamed: (name) => entries.find(({ visitor }) => visitor.name === name)?.visitor,
  };
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
