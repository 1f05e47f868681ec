/** What people do about runs: start one, approve, reject, undo. */
import { z } from 'zod';
import {
  type Acting,
  approveNamed,
  rejectNamed,
  requestByHand,
  sourcesNamed,
  undoNamed,
  unpaused,
} from '../../../../acts/index.ts';
import { isAtWork } from '../../../../engine/index.ts';
import { PlanError } from '../../../../plan/index.ts';
import { done, formIn, reasonIn, refused, withoutReason } from '../../form.ts';
import { counted, number } from '../../paging.ts';
import type { Console, Visit } from '../../routes.ts';
import { written } from '../../written.ts';
import { raiseIn } from './raise.ts';

/** Saving the org before a large plan may take that long. */
const patienceMs = 600_000;

const inPath = z.object({ id: written(200) });

const wish = z.object({
  source: written(200),
  mode: z.enum(['plan', 'apply']),
  reading: z.enum(['full', 'delta']),
});

export function mountActsOnRuns({ act, engine }: Console): void {
  const { dispatcher, store } = engine;
  const acting = ({ visitor }: Visit): Acting => ({ engine, actor: visitor.actor });

  /** The run, and the way back to it. */
  const runOf = ({ request }: Visit): { readonly id: string; readonly to: string } => {
    const { id } = inPath.parse(request.params);
    return { id, to: `/runs/${encodeURIComponent(id)}` };
  };

  act('/runs', 'operator', async (visit) => {
    const { source, mode, reading } = formIn(visit, wish);
    const chosen = sourcesNamed(engine, source);
    if (chosen.kind === 'refused') return refused('/runs', chosen.sentence);
    const [one] = chosen.sources;
    if (one === undefined) return refused('/runs', 'The configuration has no source.');
    const raised = raiseIn(visit);
    if (raised.kind === 'refused') return refused('/runs', raised.sentence);
    const { paused } = await unpaused(engine, mode === 'plan' ? [] : [one]);
    if (paused.length > 0)
      return refused('/runs', `${paused.join(' ')} No run was made; a dry run is made all the same.`);
    const { actor } = visit.visitor;
    const run = await requestByHand(store.db, {
      ...{ actor, source: one.id, mode, reading },
      isLeftToService: true,
      raise: raised.raise,
    });
    const isLonely = !(await isAtWork(store.db, 'scheduler'));
    return done(
      `/runs/${run}`,
      isLonely
        ? 'It is asked for, and waits: no scheduler is running. Start the service.'
        : 'It is asked for, and begins in a moment.',
    );
  });

  act('/runs/:id/approve', 'approver', async (visit) => {
    const { id, to } = runOf(visit);
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(to);
    const outcome = await approveNamed(acting(visit), id, reason, AbortSignal.timeout(patienceMs));
    switch (outcome.kind) {
      case 'approved': {
        await dispatcher.dispatchDue();
        const { released, overtaken } = outcome;
        const left =
          overtaken === 0
            ? ''
            : ` ${number(overtaken)} ${overtaken === 1 ? 'was' : 'were'} overtaken by other work or later runs, and ${overtaken === 1 ? 'is' : 'are'} left out.`;
        const unserved = (await isAtWork(store.db, 'worker'))
          ? ''
          : ' No worker is running: what is released waits until one is.';
        return done(
          to,
          `Approved: ${counted(released, 'operation is', 'operations are')} released.${left}${unserved}`,
        );
      }
      case 'seconded':
        return done(
          to,
          'Approved by 1 of 2. Nothing is released before somebody else, who has not asked for the run either, approves it too.',
        );
      case 'refused':
        return refused(to, outcome.sentence);
      default:
        return outcome satisfies never;
    }
  });

  act('/runs/:id/reject', 'approver', async (visit) => {
    const { id, to } = runOf(visit);
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(to);
    const outcome = await rejectNamed(acting(visit), id, reason);
    if (outcome.kind === 'refused') return refused(to, outcome.sentence);
    const { dropped } = outcome;
    return done(
      to,
      `Rejected: ${counted(dropped, 'operation is', 'operations are')} dropped and will not be carried out.`,
    );
  });

  act('/runs/:id/undo', 'operator', async (visit) => {
    const { id, to } = runOf(visit);
    try {
      const outcome = await undoNamed(acting(visit), id);
      if (outcome.kind === 'refused') return refused(to, outcome.sentence);
      return done(
        `/runs/${outcome.run}`,
        `This plan undoes the deactivations of run ${id}, once it is approved.`,
      );
    } catch (error) {
      if (error instanceof PlanError) return refused(to, error.message);
      throw error;
    }
  });
}
