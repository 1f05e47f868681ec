/** An operator's word that many linked profiles were deleted in the org, for one run of one source. */
import { UsageError } from './exit.ts';

export interface AcceptMissingOptions {
  readonly source?: string;
  readonly acceptMissing?: number;
  readonly reason?: string;
}

/** @throws {UsageError} where the word has no reason, or names no source */
export function acceptedMissing({
  source,
  acceptMissing: count,
  reason,
}: AcceptMissingOptions): { readonly count: number; readonly reason: string } | undefined {
  if (count === undefined) return undefined;
  if (source === undefined)
    throw new UsageError('With --accept-missing, name the source whose profiles were deleted: --source ID.');
  if (reason === undefined || reason.trim() === '')
    throw new UsageError(
      'With --accept-missing, say why they were deleted: --reason "...". It is in the audit log.',
    );
  return { count, reason };
}
