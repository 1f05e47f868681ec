/** A plan in words for somebody who decides and has never seen Rollcall. */

import type { ToldPlan } from '../../../json/index.ts';
import type { OperationKind } from '../../../store/operations/operation.ts';
import type { FindingKind } from '../../../store/schema.ts';
import { absoluteTime } from '../../../words/time.ts';
import { operationKinds, operationStates, plural, waitsForApproval } from '../../../words/words.ts';
import { endInWords, failureInWords } from '../plan-summary.ts';

export const kindTitles: Readonly<Record<OperationKind, { readonly title: string; readonly means: string }>> =
  {
    purge: { title: 'Deletions for good', means: 'The profile is deleted. Nothing brings it back.' },
    deactivate: {
      title: 'Deactivations',
      means: 'The account is switched off and kept; it can be switched on again.',
    },
    reactivate: { title: 'Reactivations', means: 'An account that was switched off is switched on again.' },
    edit: { title: 'Changes', means: 'The profile is changed to what the directory says.' },
    adopt: {
      title: 'Adoptions',
      means: 'An account that the org already has is taken to be this person’s, and is managed from then on.',
    },
    create: { title: 'New accounts', means: 'An account is made.' },
    invite: { title: 'Invitations', means: 'A mail invites the person to the org.' },
  };

/** What a sentence says of them: `3 people would be ...`. */
const participles: Readonly<Record<OperationKind, string>> = {
  purge: 'deleted for good',
  deactivate: 'deactivated',
  reactivate: 'reactivated',
  edit: 'changed',
  adopt: 'adopted',
  create: 'given an account',
  invite: 'invited',
};

export const findingMeanings: Readonly<Record<FindingKind, string>> = {
  unconfirmed: 'They were deactivated, and the org still lists them as active.',
  conflict: 'Nothing is done for them before a person has decided whose profile is whose.',
  skipped: 'Their record in the directory can’t be used as it is.',
  waiting: 'Their time has not come, or nothing can be done for them yet.',
  left: 'They are left alone on purpose.',
};

/** Two or three sentences: what this is, what it comes to, and how far it is. */
export function inWords(view: ToldPlan): readonly string[] {
  const { run, operations } = view;
  if (run.state === 'failed') return [failureInWords(run)];
  return [whatItIs(view), whatItComesTo(view), ...howFarItIs(operations)];
}

function whatItIs({ run, operations }: ToldPlan): string {
  const ended = endInWords(run);
  if (ended !== undefined) return `This plan is over. ${ended}`;
  const until =
    run.expiresAt === null ? '' : ` It can be approved until ${absoluteTime(new Date(run.expiresAt))}.`;
  const waiting = operations.filter(waitsForApproval).length;
  if (run.mode === 'plan' && run.approvedBy === null)
    return `This is a plan. Nothing of it has been done, and nothing will be before somebody approves it.${until}`;
  const word =
    run.approvedBy === null ? '' : ` It was approved by ${run.approvedBy}: ${run.approvalReason ?? ''}`;
  if (waiting > 0)
    return `This run is under way. ${plural(waiting, 'operation')} of it ${waiting === 1 ? 'waits' : 'wait'} for a person’s approval; the rest goes on.${until}${word}`;
  return `This is a run ${run.endedAt === null ? 'that is under way' : `that ended at ${absoluteTime(new Date(run.endedAt))}`}.${word}`;
}

function whatItComesTo({ run, operations }: ToldPlan): string {
  const mood = run.mode === 'plan' && run.approvedBy === null ? 'would be' : 'to be';
  const parts = operationKinds.flatMap((kind) => {
    const count = operations.filter((operation) => operation.kind === kind).length;
    return count === 0 ? [] : [`${plural(count, 'person', 'people')} ${mood} ${participles[kind]}`];
  });
  const unchanged =
    run.summary === null
      ? ''
      : ` ${plural(run.summary.unchanged, 'person stays as they are', 'people stay as they are')}.`;
  const only = run.onlyWho === null ? '' : ` It is about ${run.onlyWho} alone.`;
  return `${parts.length === 0 ? 'There is nothing to do' : capital(parts.join(', '))}.${unchanged}${only}`;
}

function howFarItIs(operations: ToldPlan['operations']): readonly string[] {
  const counts = operationStates.flatMap((state) => {
    const count = operations.filter((operation) => operation.state === state).length;
    return count === 0 || state === 'planned' ? [] : [`${count} ${state}`];
  });
  return counts.length === 0
    ? []
    : [`Of its ${plural(operations.length, 'operation')}: ${counts.join(', ')}.`];
}

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
