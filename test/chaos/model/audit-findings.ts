/** Every effect has its audit entry, and every entry that claims one has its effect. */
import type { Due } from './due.ts';
import type { AuditedOperation, Evidence } from './evidence.ts';
import { effectsOn, type Owners } from './owners.ts';

const effectOf: Readonly<Record<string, string>> = {
  create: 'created',
  deactivate: 'deactivated',
  reactivate: 'reactivated',
  invite: 'invited',
};

/** `done` without having sent anything: a try before it, if there was one, may have had the effect. */
const foundSo = 'It was so already.';

export function auditFindings(due: readonly Due[], owners: Owners, evidence: Evidence): readonly string[] {
  const byAnchor = new Map<string, AuditedOperation[]>();
  for (const entry of evidence.audited) {
    const key = entry.anchor.toLowerCase();
    byAnchor.set(key, [...(byAnchor.get(key) ?? []), entry]);
  }
  return due.flatMap((person) => {
    const entries = byAnchor.get(person.uuid.toLowerCase()) ?? [];
    const effects = effectsOn(person, owners, evidence);
    const count = (kind: string): number => effects.filter((effect) => effect.kind === kind).length;
    const name = person.emails[0] ?? person.uuid;
    return [
      ...Object.entries(effectOf).flatMap(([kind, effect]) =>
        claims(
          name,
          effect,
          count(effect),
          entries.filter((entry) => entry.kind === kind),
        ),
      ),
      ...edits(name, count('edited'), entries),
    ];
  });
}

function claims(
  name: string,
  effect: string,
  happened: number,
  entries: readonly AuditedOperation[],
): readonly string[] {
  const certain = entries.filter(
    (entry) => entry.outcome === 'done' && !(entry.message ?? '').includes(foundSo),
  ).length;
  const possible = entries.filter((entry) => entry.outcome !== 'superseded' || entry.attempts > 1).length;
  if (happened > possible)
    return [`${name} was ${effect} ${happened} times, and the audit log tells of ${possible}.`];
  if (happened < certain)
    return [
      `The audit log tells ${certain} times that ${name} was ${effect}; it happened ${happened} times.`,
    ];
  return [];
}

/** An edit of what the API never shows is sent again where its answer was lost: once for each try, at most. */
function edits(name: string, happened: number, entries: readonly AuditedOperation[]): readonly string[] {
  const changing = entries.filter(({ kind }) => kind === 'edit' || kind === 'adopt' || kind === 'reactivate');
  const tries = changing.reduce((sum, entry) => sum + entry.attempts, 0);
  if (happened > tries)
    return [`${name} was edited ${happened} times; the audit log tells of ${tries} tries.`];
  const claimed = changing.filter(
    ({ kind, outcome, message }) =>
      kind === 'edit' && outcome === 'done' && !(message ?? '').includes(foundSo),
  ).length;
  if (happened < claimed)
    return [`The audit log tells of ${claimed} edits of ${name}; ${happened} happened.`];
  return [];
}
