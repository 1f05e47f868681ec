/** The many ways in which Graph says that a delta link is of no use any more. */
import { GraphFailure } from '../graph/failures.ts';

const codes = /^(syncState\w*|resync\w*|Directory_ExpiredPageToken)$/i;
/** Seen in production, with a code that means any query that is not supported. */
const sentences = /DeltaLink older than|\b(delta|skip) ?token\b/i;

/** A mistake in a query of our own is none: a new reading would meet it again. */
export function isExpired(error: unknown): error is GraphFailure {
  if (!(error instanceof GraphFailure)) return false;
  const { status, code, message } = error.error;
  return status === 410 || codes.test(code) || (status === 400 && sentences.test(message));
}
