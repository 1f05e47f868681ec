/** Sources: how each directory is, and what an operator can do about it. */
import { z } from 'zod';
import { clearQuarantineOf } from '../../../../acts/index.ts';
import { done, reasonIn, refused, withoutReason } from '../../form.ts';
import type { Console } from '../../routes.ts';
import { mountBrake } from './brake.ts';
import { mountSourceList } from './list.ts';
import { mountSource } from './source.ts';

const inPath = z.object({ id: z.string() });

export function mountSources(site: Console): void {
  mountSourceList(site);
  mountSource(site);
  mountBrake(site);
  site.act('/sources/:id/clear', 'operator', async (visit) => {
    const { id } = inPath.parse(visit.request.params);
    const to = `/sources/${encodeURIComponent(id)}`;
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(to);
    const outcome = await clearQuarantineOf({ engine: site.engine, actor: visit.visitor.actor }, id, reason);
    if (outcome.kind === 'refused') return refused(to, outcome.sentence);
    return done(
      to,
      `${id} is out of quarantine: it is read by its schedule again, and the next run removes people.`,
    );
  });
}
