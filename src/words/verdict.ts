/** Whether the audit log is whole, in words. */
import type { Verdict } from '../audit/index.ts';

/** @param withArchives - whether those entries that are archived were looked at as well */
export function verdictInWords(log: Verdict, withArchives: boolean): readonly string[] {
  if (log.kind === 'broken')
    return [`The audit log is not whole. ${log.sentence} Compare it with an export or a backup.`];
  const begins =
    log.archived === 0
      ? ''
      : ` It begins after entry ${log.archived}${withArchives ? '' : '; `audit verify --archive FILE...` proves those before with it'}.`;
  return [
    `The audit log is whole: ${log.entries} entries, each tied to the one before.${begins}`,
    `Its head is ${log.head || '(empty)'}. Note it elsewhere; \`audit verify --head\` then proves that the log was not rewritten.`,
  ];
}
