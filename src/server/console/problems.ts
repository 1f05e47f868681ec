/** What needs a person, the worst first, each with the place where it is mended. */
import type { Status } from '../../engine/index.ts';
import { isResting } from '../../execute/index.ts';
import { plural } from '../../words/words.ts';
import type { Problem } from './problem.ts';
import { everythingPaused, inMaintenance, sourcePaused } from './standstill.ts';

export function problemsOf(status: Status, now: Date): readonly Problem[] {
  const { auditBreak, pause, maintenance, sources, heldPlans, failed, deafChannels, services } = status;
  const bad = (text: string, mend: Problem['mend']): Problem => ({ isBad: true, text, mend });
  const waits = (text: string, mend: Problem['mend']): Problem => ({ isBad: false, text, mend });
  const isWorking = services.some(({ roles }) => roles.includes('worker'));
  return [
    ...(auditBreak === undefined
      ? []
      : [
          bad(`The audit log is broken at entry ${auditBreak.at}: ${auditBreak.sentence}`, {
            text: 'Look at the audit log',
            href: '/audit',
          }),
        ]),
    ...(pause === undefined ? [] : [everythingPaused(pause, now)]),
    ...(maintenance.current === undefined ? [] : [inMaintenance(maintenance.current, now)]),
    ...(isWorking
      ? []
      : [
          bad('No worker is running: what is planned is not carried out.', {
            text: 'Which processes are at work',
            href: '/#services-title',
          }),
        ]),
    ...services.flatMap(({ circuit, host }) =>
      circuit === null || !isResting(circuit)
        ? []
        : [
            bad(`The profile API is down for the worker on ${host}: ${circuit.reason}`, {
              text: 'What has failed',
              href: '/failures',
            }),
          ],
    ),
    ...sources.flatMap(({ id, quarantine, lastRun, pause: own }) => {
      if (own !== undefined) return [sourcePaused(id, own, now)];
      const mend = { text: `Look at ${id}`, href: `/sources/${id}` };
      if (quarantine !== undefined)
        return [bad(`${id} is in quarantine, and removes nobody: ${quarantine.reason}`, mend)];
      if (lastRun?.state !== 'failed') return [];
      return [bad(`The last run of ${id} failed: ${lastRun.error ?? ''}`, mend)];
    }),
    ...(failed === 0
      ? []
      : [
          bad(`${plural(failed, 'operation has', 'operations have')} failed.`, {
            text: 'Mend and retry',
            href: '/failures',
          }),
        ]),
    ...deafChannels.map(({ channel, waiting, trouble }) =>
      bad(`${plural(waiting, 'alert')} did not reach people by the channel ${channel}: ${trouble}`, {
        text: 'Look at the configuration',
        href: '/configuration',
      }),
    ),
    ...heldPlans.map(({ id, source, waiting, sentences }) =>
      waits(
        `${plural(waiting, 'operation')} of ${source} ${waiting === 1 ? 'waits' : 'wait'} for approval. ${sentences.join(' ')}`,
        { text: 'Look, and approve or reject', href: `/runs/${id}` },
      ),
    ),
  ];
}
