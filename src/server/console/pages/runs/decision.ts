/** A person's word on a plan that waits. */
import { type Html, html } from '../../../../html/html.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { button, postForm, reasonField } from '../../form.ts';
import { number } from '../../paging.ts';
import { when } from '../../time.ts';
import type { Waiting } from './state.ts';

interface Circumstances {
  readonly visitor: Visitor;
  readonly csrf: string;
  /** How many have to approve. */
  readonly people: 1 | 2;
  readonly now: Date;
}

export function decision(run: Run, { waiting, overtaken }: Waiting, circumstances: Circumstances): Html {
  const { now } = circumstances;
  const isOpen = waiting > 0 && (run.expires_at === null || run.expires_at > now);
  if (!isOpen) return html`<div id="decision"></div>`;
  return html`<section id="decision" class="card" aria-labelledby="decision-title"><h2 id="decision-title">Your word</h2>
${whyNot(run, circumstances) ?? theForm(run, waiting - overtaken, circumstances)}
</section>`;
}

function whyNot(run: Run, { visitor, people }: Circumstances): Html | undefined {
  if (!allows(visitor.role, 'approver'))
    return html`<p>It waits for somebody with the role approver; you are ${visitor.role}.</p>`;
  if (people === 1) return undefined;
  const mine = run.approvals.some(({ actor }) => actor === visitor.actor);
  if (mine) return html`<p>You have approved it. Two people have to: it waits for somebody else.</p>`;
  if (run.approvals.length > 0 && run.actor === visitor.actor)
    return html`<p>You asked for this run. Two people have to approve it, and the second has to be somebody else.</p>`;
  return undefined;
}

function theForm(run: Run, released: number, { csrf, people, now }: Circumstances): Html {
  const isFirst = people === 2 && run.approvals.length === 0;
  const what = isFirst
    ? 'Two people have to approve it; yours is the first word, and releases nothing yet.'
    : `Approving releases ${number(released)} ${released === 1 ? 'operation' : 'operations'}; rejecting drops ${released === 1 ? 'it' : 'them'}.`;
  return html`<p>${what}${run.expires_at === null ? '' : html` It expires ${when(run.expires_at, now)}.`}</p>
${postForm(
  `/runs/${run.id}/approve`,
  csrf,
  html`${reasonField('decision-reason')}
${button({ text: 'Approve', kind: 'main' })}
${button({ text: 'Reject', kind: 'danger', action: `/runs/${run.id}/reject` })}`,
)}`;
}
