/** A fingerprint of everything that decides what a change in a source means for the org. */
import { createHash } from 'node:crypto';
import { redactConfig } from '../../config/redact.ts';
import type { Config, SourceConfig } from '../../config/schema.ts';

/** Keys of a source that have no say in who is read, and as what. */
const withoutSay = new Set(['schedule', 'pageSize', 'timeout', 'notifications']);

/**
 * With another fingerprint, unchanged people may have to be treated differently: then only a whole reading helps. Secrets
 * are not part of it, nor are limits and times.
 */
export function fingerprintOf(config: Config, source: SourceConfig): string {
  const { scope, mapping, precedence, correlation, lifecycle, guards } = config;
  const said = {
    source: Object.fromEntries(Object.entries(redactConfig(source)).filter(([key]) => !withoutSay.has(key))),
    scope,
    mapping,
    precedence,
    correlation,
    lifecycle,
    protected: guards.protected,
  };
  return createHash('sha256')
    .update(JSON.stringify(inOrder(said)))
    .digest('hex');
}

/** The same for the same content, in whatever order somebody wrote it. Lists keep theirs. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, inOrder(inner)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
