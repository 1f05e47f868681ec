/** What a run has come to, and what somebody should know of it before they say a word. */
import { type Html, html } from '../../../../html/html.ts';
import type { PlanCount } from '../../../../store/runs/plan-pages.ts';
import type { ReadingProgress } from '../../../../store/runs/reading-progress.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import { durationInWords, relativeTime } from '../../../../words/time.ts';
import { counted, number } from '../../paging.ts';
import { outside } from '../../person.ts';
import type { Problem } from '../../problem.ts';
import { when } from '../../time.ts';
import { type Progress, progressBar, readingBar } from './progress.ts';
import { askedBy, kindOfRun } from './words.ts';

export interface Waiting {
  /** How many operations wait for approval. */
  readonly waiting: number;
  /** How many of those reality has overtaken. */
  readonly overtaken: number;
  /** What keeps them from being carried out, approved or not. */
  readonly standstills: readonly Problem[];
}

/** How far it is with what it is at. */
export interface Advance {
  readonly reading: ReadingProgress | undefined;
  readonly carriedOut: Progress | undefined;
}

export function runState(
  run: Run,
  counts: readonly PlanCount[],
  about: Waiting,
  { reading, carriedOut }: Advance,
  now: Date,
): Html {
  const { tone, head, text } = verdict(run, counts, about, now);
  return html`<section id="state" aria-label="State" class="stack">
<p class="verdict ${tone}"><strong>${head}</strong> <span class="why">${outside(text)}</span></p>
${carriedOut === undefined ? '' : progressBar(carriedOut)}
${reading === undefined ? '' : readingBar(reading)}
${warnings(run, about)}
${facts(run, now)}
</section>`;
}

interface Verdict {
  readonly tone: 'good' | 'wait' | 'bad' | 'calm';
  readonly head: string;
  readonly text: string;
}

function verdict(run: Run, counts: readonly PlanCount[], { waiting }: Waiting, now: Date): Verdict {
  const failed = counts.reduce((sum, { state, count }) => sum + (state === 'failed' ? count : 0), 0);
  const some = `${counted(waiting, 'operation')} ${waiting === 1 ? 'waits' : 'wait'}`;
  switch (run.state) {
    case 'requested':
      return { tone: 'calm', head: 'It waits for its turn.', text: '' };
    case 'reading':
      return {
        tone: 'calm',
        head: 'The source and the org are being read.',
        text: run.started_at === null ? '' : `Begun ${relativeTime(run.started_at, now)}.`,
      };
    case 'planned':
      return waiting === 0
        ? { tone: 'good', head: 'Nothing is to be done.', text: '' }
        : {
            tone: 'wait',
            head: `${some} for approval.`,
            text: 'This is a dry run: nothing of it is carried out before.',
          };
    case 'executing':
      return waiting === 0
        ? { tone: 'calm', head: 'It is under way.', text: '' }
        : { tone: 'wait', head: `It is under way, and ${some} for approval.`, text: '' };
    case 'held':
      return { tone: 'wait', head: `${some} for approval.`, text: 'The rest is done.' };
    case 'done':
      return failed > 0
        ? { tone: 'bad', head: `${counted(failed, 'operation')} failed.`, text: 'The rest is done.' }
        : {
            tone: 'good',
            head: counts.length === 0 ? `Nothing was to be done.` : 'It is done.',
            text: '',
          };
    case 'failed':
      return {
        tone: 'bad',
        head: 'It failed before it had a plan. Nothing was changed.',
        text: run.error ?? 'No reason was noted.',
      };
    case 'rejected':
      return { tone: 'calm', head: 'It was rejected.', text: 'Nothing of it is carried out.' };
    case 'expired':
      return {
        tone: 'calm',
        head: 'Its time for approval is over.',
        text: 'Nothing of it is carried out. Start a new run.',
      };
    default:
      return run.state satisfies never;
  }
}

/** The worst first. */
function warnings(run: Run, { waiting, overtaken, standstills }: Waiting): Html {
  const { summary, approvals, approved_by, approval_reason } = run;
  const unkept = Object.entries(summary?.unkept ?? {}).map(
    ([name, count]) => `${name} (${counted(count, 'person', 'people')})`,
  );
  const raised = Object.entries(run.raised).map(
    ([guard, count]) => `${guard} to ${counted(count, 'person', 'people')}`,
  );
  const all: readonly (readonly ['bad' | 'wait' | 'calm', string, Problem['mend']?])[] = [
    ...standstills.map(({ isBad, text, mend }) => [isBad ? 'bad' : 'wait', text, mend] as const),
    ...some(
      summary?.incomplete,
      (why) => ['bad', `The reading was incomplete: ${why} Nobody is deactivated on its word.`] as const,
    ),
    ...(waiting === 0 ? [] : (summary?.holds ?? [])).map(({ sentence }) => ['wait', sentence] as const),
    ...(overtaken === 0
      ? []
      : [
          [
            'wait',
            `${number(overtaken)} of them ${overtaken === 1 ? 'has' : 'have'} been overtaken: by other work for the same people, or by a later run that no longer wanted them. Approving leaves them out.`,
          ] as const,
        ]),
    ...some(
      run.raise_reason,
      (why) =>
        [
          'wait',
          `Raised for this run alone by ${run.actor}: ${raised.join(', ')}. Their reason: ${why}`,
        ] as const,
    ),
    ...(approved_by === null
      ? approvals.map(
          ({ actor, reason }) =>
            ['wait', `Approved by 1 of 2, by ${actor}: ${reason} Somebody else has to, too.`] as const,
        )
      : [
          [
            'calm',
            `Approved by ${[...new Set([...approvals.map(({ actor }) => actor), approved_by])].join(' and ')}: ${approval_reason ?? ''}`,
          ] as const,
        ]),
    ...some(summary?.fallback, (why) => ['calm', why] as const),
    ...(unkept.length === 0
      ? []
      : [
          [
            'calm',
            `Not kept by the org as it was sent: ${unkept.join(', ')}. Not tried again until the value changes in the source or by the mapping.`,
          ] as const,
        ]),
  ];
  return all.length === 0
    ? html``
    : html`<ul class="problems">${all.map(([tone, text, mend]) => html`<li class="${tone}"><p>${outside(text)}</p>${mend === undefined ? '' : html`<a href="${mend.href}">${mend.text}</a>`}</li>`)}</ul>`;
}

const some = <Given, Result>(
  value: Given | null | undefined,
  make: (value: Given) => Result,
): readonly Result[] => (value === null || value === undefined ? [] : [make(value)]);

function facts(run: Run, now: Date): Html {
  const { summary, started_at, ended_at, only_who } = run;
  return html`<dl class="brief">
${fact('Source', html`<a href="/sources/${run.source_id}">${run.source_id}</a>`)}
${fact('Asked for', html`${when(run.requested_at, now)}, ${askedBy(run)}`)}
${fact('What for', html`${kindOfRun(run)}${only_who === null ? '' : html`, ${outside(only_who)} alone`}`)}
${started_at === null || ended_at === null ? '' : fact('Took', html`${durationInWords(ended_at.getTime() - started_at.getTime())}`)}
${summary === null ? '' : fact('Seen', html`${counted(summary.identities, 'person', 'people')}, ${number(summary.inScope)} in scope; ${counted(summary.profiles, 'profile')}, ${number(summary.unchanged)} as they should be`)}
${run.expires_at === null ? '' : fact('Expires', when(run.expires_at, now))}
</dl>`;
}

const fact = (name: string, value: Html): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
