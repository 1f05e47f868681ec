/** Where a person's page is. */
export interface Whom {
  readonly source: string;
  readonly anchor: string;
}

export const personPath = ({ source, anchor }: Whom): string =>
  `/people/${encodeURIComponent(source)}/${encodeURIComponent(anchor)}`;

/** An attribute that is there may still be empty. */
export const firstNamed = (names: readonly (string | undefined)[], otherwise: string): string =>
  names.find((name) => name !== undefined && name.trim() !== '') ?? otherwise;
