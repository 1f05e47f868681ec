import { z } from 'zod';
import { timeZone } from '../../../../config/scalars.ts';
import { type Braked, pause, type Refusal, resume } from '../../../acts/index.ts';
import { plainText, reason, sourceName } from '../../../json/schemas/parts.ts';
import { braked } from '../../../json/schemas/status.ts';
import { unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

const source = sourceName
  .optional()
  .meta({ description: 'Everything where it is left out', examples: ['corp'] });

export function addBrake(api: Api): void {
  const told = (outcome: Braked | Refusal) => {
    const { source: which = null, sentence } = unlessRefused(outcome);
    return { source: which, sentence };
  };
  api.json({
    ...{ method: 'POST', path: '/pause', id: 'pause', role: 'operator', tag: 'Status' },
    summary: 'Pauses everything, or one source',
    description:
      'What is under way ends. `leavers: wait` also holds back whom HR or an operator says to have left.',
    body: z
      .strictObject({
        source,
        reason,
        until: plainText
          .optional()
          .meta({ description: 'A day, which is included, or a time; else until resumed' }),
        timezone: timeZone.optional().meta({ description: 'Of an `until` that names none' }),
        leavers: z.enum(['go', 'wait']).default('go'),
      })
      .meta({ examples: [{ source: 'corp', until: '2026-03-31', reason: 'The directory is being moved' }] }),
    answer: braked,
    problems: ['not-found'],
    handle: async ({ acting, body }) => told(await pause(acting, body)),
  });
  api.json({
    ...{ method: 'POST', path: '/resume', id: 'resume', role: 'operator', tag: 'Status' },
    summary: 'Goes on with everything, or one source',
    body: z.strictObject({ source, reason }).meta({ examples: [{ source: 'corp', reason: 'It is moved' }] }),
    answer: braked,
    problems: ['not-found'],
    handle: async ({ acting, body }) => told(await resume(acting, body)),
  });
}
