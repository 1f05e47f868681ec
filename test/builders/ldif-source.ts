import { z } from 'zod';
import type { LdifSourceConfig } from '../../config/schema.ts';
import { ldifSource as schema } from '../../config/sections/sources/ldif.ts';

/** An LDIF source as the schema makes it of a few lines. */
export const ldifSource = (settings: Record<string, unknown> = {}): LdifSourceConfig =>
  z.parse(schema, { id: 'people', type: 'ldif', file: 'people.ldif', ...settings });
