/** The place in a tenant's changes, as text for the store. It holds Graph's links, which are nobody else's business. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { Cursor } from '../../connector.ts';
import type { ScopeMark } from '../scope/scope.ts';
import type { Selection } from './selection.ts';

export interface Place {
  /** The delta link of users. */
  readonly users: string;
  /** Of whom something is left to find out: they are read anew with the next changes. */
  readonly again: readonly string[];
  readonly scope: ScopeMark | undefined;
  /** The delta link of all groups; undefined where nobody asks for people's groups. */
  readonly groups: string | undefined;
}

const schema = z.strictObject({
  version: z.literal(1),
  fitsTo: z.string(),
  users: z.string(),
  again: z.array(z.string()),
  groups: z.string().optional(),
  scope: z
    .strictObject({
      streams: z.array(
        z.strictObject({ collection: z.enum(['groups', 'administrativeUnits']), link: z.string() }),
      ),
      tracked: z.array(z.string()),
      assigned: z.strictObject({ users: z.array(z.string()), groups: z.array(z.string()) }).optional(),
    })
    .optional(),
});

/** What a delta link stands for: with another query it is of no use. @param groups whether people's groups are read */
export function fingerprintOf(
  config: EntraSourceConfig,
  host: string,
  selection: Selection,
  groups: boolean,
): string {
  const { tenantId, scope } = config;
  const query = {
    ...{ tenantId, host, scope, properties: selection.properties, manager: selection.hasManager },
    ...(groups ? { groups } : {}),
  };
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);
}

export function writeCursor(place: Place, fitsTo: string): Cursor {
  // What is undefined is left out.
  return brandCursor(JSON.stringify({ version: 1, fitsTo, ...place }));
}

/** The place, or the sentence why only a whole reading helps. */
export function readCursor(cursor: Cursor, fitsTo: string): Place | string {
  const parsed = schema.safeParse(jsonOf(cursor));
  if (!parsed.success) return 'The stored place in the changes can not be read by this version of Rollcall.';
  if (parsed.data.fitsTo !== fitsTo)
    return 'The tenant, the scope of the source, or the properties that the rules ask for are others than before.';
  const { users, again, scope, groups } = parsed.data;
  const mark = scope === undefined ? undefined : { ...scope, assigned: scope.assigned };
  return { users, again, scope: mark, groups };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The border where our own text becomes a cursor. */
const brandCursor = (text: string): Cursor => text as Cursor;
