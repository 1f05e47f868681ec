/** A point in time in ISO 8601, and null where there is none. */
export const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
