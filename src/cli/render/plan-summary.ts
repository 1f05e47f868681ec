/** What a plan comes to in a line or two, and what is to be done next. */
import type { ToldOperation, ToldPlan, ToldRun } from '../../json/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import type { FindingKind } from '../../store/schema.ts';
import { printable } from '../../words/printable.ts';
import { absoluteTime } from '../../words/time.ts';
import { isHeld, operationKinds, plural, waitsForApproval } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { wrap } from './wrap.ts';

/** Which of a kind wait for approval: a guard may hold single people. */
function heldOf(kind: OperationKind, operations: ToldPlan['operations']): string {
  const all = operations.filter((operation) => operation.kind === kind);
  const held = all.filter(isHeld).length;
  if (held === 0) return '';
  return held === all.length ? ' (held)' : ` (${held} of them held)`;
}

/** Such as `Plan k3v9m2wt for corp: 2 to deactivate (held), 3 to edit; 180 unchanged, 1 conflict.` */
export function summaryLine({ run, operations, findings }: ToldPlan): string {
  const counts = countsByKind({ run, operations });
  const toDo = operationKinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    const then = kind === 'create' ? invitedAfterwards(operations, count) : '';
    return count === 0 ? [] : [`${count} to ${kind}${then}${heldOf(kind, operations)}`];
  });
  const found = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  const rest = [
    ...(run.summary === null ? [] : [`${run.summary.unchanged} unchanged`]),
    ...some(Math.max(found('conflict'), run.summary?.conflicts ?? 0), (count) => plural(count, 'conflict')),
    ...some(Math.max(found('skipped'), run.summary?.skipped ?? 0), (count) => `${count} skipped`),
    ...some(found('unconfirmed'), (count) => `${count} still active`),
    ...some(found('waiting'), (count) => `${count} waiting`),
    ...some(found('left'), (count) => `${count} left alone`),
  ];
  const only = run.onlyWho === null ? '' : `, ${run.onlyWho} alone`;
  const said = [
    toDo.length === 0 ? 'nothing to do' : toDo.join(', '),
    ...(rest.length === 0 ? [] : [rest.join(', ')]),
  ];
  return printable(`Plan ${run.id} for ${run.source}${only}: ${said.join('; ')}.`);
}

/** Of a run without a plan, why. */
export const failureInWords = (run: ToldRun): string =>
  `Run ${run.id} for ${run.source} failed before it had a plan: ${run.error ?? 'No reason was noted.'}`;

/** Says plainly that an empty plan is empty because all is well, where that is so. */
export function emptinessInWords({ run, operations, findings }: ToldPlan): readonly string[] {
  const planned = Object.values(run.summary?.operations ?? {}).reduce((sum, count) => sum + count, 0);
  if (operations.length > 0 || planned > 0 || run.summary === null) return [];
  if (run.summary.incomplete !== null) return ['Nothing differs in what could be read.'];
  if (findings.length > 0) return ['Nothing is to be done, apart from what is named above.'];
  if (run.summary.reading === 'delta')
    return [`Nothing is to be done about what has changed in ${run.source}.`];
  return [`Nothing differs: the org is as ${run.source} says.`];
}

/** Such as ` and invite`, or ` (2 of them are invited too)`. */
function invitedAfterwards(operations: readonly ToldOperation[], created: number): string {
  const invited = operations.filter((operation) => operation.thenInvites).length;
  if (invited === 0) return '';
  return invited === created
    ? ' and invite'
    : ` (${invited} of them ${invited === 1 ? 'is' : 'are'} invited too)`;
}

/** What the org does not keep, so that it is known why the plan has nothing of it. */
export function unkeptInWords({ run }: Pick<ToldPlan, 'run'>): readonly string[] {
  const unkept = Object.entries(run.summary?.unkept ?? {});
  if (unkept.length === 0) return [];
  const named = unkept.map(([name, count]) => `${name} (${count === 1 ? '1 person' : `${count} people`})`);
  return [
    `Not kept by the org as it was sent: ${named.join(', ')}. Not tried again until the value changes in the source or by the mapping.`,
  ];
}

/** Which guards gave way in this run, and on whose word. */
export function raisedInWords({ raised, raiseReason, actor }: ToldRun): readonly string[] {
  if (raiseReason === null) return [];
  const guards = Object.entries(raised).map(
    ([guard, people]) => `${guard} to ${plural(people, 'person', 'people')}`,
  );
  return [`Raised for this run alone by ${actor}: ${guards.join(', ')}. Their reason: ${raiseReason}`];
}

/** Whom a run has tried to load from files, where it has. */
export function rowsInWords({ operations }: Pick<ToldPlan, 'operations'>): readonly string[] {
  const rows = operations.filter((operation) => operation.inFile);
  if (rows.length === 0) return [];
  const done = rows.filter(({ state }) => state === 'done').length;
  return [
    `${rows.length === 1 ? '1 person was a row' : `${rows.length} people were rows`} of a file (profileApi.bulk); ${done} of them are done.`,
  ];
}

/** What the run planned, by its own count; the operations at hand may be a part of them. */
function countsByKind({ run, operations }: Pick<ToldPlan, 'run' | 'operations'>) {
  if (run.summary !== null) return run.summary.operations;
  const counts: Partial<Record<OperationKind, number>> = {};
  for (const { kind } of operations) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const some = (count: number, text: (count: number) => string): readonly string[] =>
  count === 0 ? [] : [text(count)];

/** What the reader can do now; nothing where nothing waits for them. */
export function nextSteps(
  { run, operations, overtaken = 0 }: ToldPlan,
  { colour, width }: Screen,
): readonly string[] {
  const ended = endInWords(run);
  if (ended !== undefined) return wrap(ended, width);
  const waiting = operations.filter(waitsForApproval).length;
  if (waiting === 0) return [];
  const until = run.expiresAt === null ? '' : `, until ${absoluteTime(new Date(run.expiresAt))}`;
  const isDryRun = run.mode === 'plan';
  return [
    ...wrap(
      isDryRun
        ? `Nothing of it is carried out before somebody approves it${until}:`
        : `${plural(waiting, 'operation')} ${waiting === 1 ? 'waits' : 'wait'} for approval${until}; the rest goes on:`,
      width,
    ),
    ...overtakenInWords(overtaken).flatMap((line) => wrap(line, width).map(colour.yellow)),
    ...givenInWords(run).flatMap((line) => wrap(printable(line), width)),
    colour.cyan(`  rollcall approve ${printable(run.id)} --reason "..."`),
    colour.dim(`  rollcall reject ${printable(run.id)} --reason "..."  drops ${isDryRun ? 'it' : 'them'}`),
  ];
}

export const overtakenInWords = (overtaken: number): readonly string[] =>
  overtaken === 0
    ? []
    : [
        `${overtaken} of them ${overtaken === 1 ? 'has' : 'have'} been overtaken: by other work for the same people, or by a later run that no longer wanted them. Approving leaves them out.`,
      ];

/** Whose word a plan has that needs two. */
export const givenInWords = ({ approvals }: Pick<ToldRun, 'approvals'>): readonly string[] =>
  approvals.map(
    ({ actor, reason }) => `Approved by 1 of 2, by ${actor}: ${reason} Somebody else has to, too.`,
  );

/** Of a plan that nobody can approve any more, why. */
export function endInWords(run: ToldRun): string | undefined {
  if (run.state === 'rejected') return 'It was rejected; nothing of it is carried out.';
  if (run.state === 'expired')
    return 'Its time for approval is over; nothing of it is carried out. Make a new plan.';
  return undefined;
}
