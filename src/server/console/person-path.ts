/** Where a person's page is. */
import { z } from 'zod';
import { written } from './written.ts';

export const personParams = z.object({ source: written(100), anchor: written(1_000) });

export interface Whom {
  readonly source: string;
  readonly anchor: string;
}

export const personPath = ({ source, anchor }: Whom): string =>
  `/people/${encodeURIComponent(source)}/${encodeURIComponent(anchor)}`;

/** An attribute that is there may still be empty. */
export const firstNamed = (names: readonly (string | undefined)[], otherwise: string): string =>
  names.find((name) => name !== undefined && name.trim() !== '') ?? otherwise;
