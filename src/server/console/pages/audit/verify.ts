/** Proves the audit log whole, on a visitor's word. */
import { z } from 'zod';
import { verifyAllEntries } from '../../../../audit/index.ts';
import { verdictInWords } from '../../../../words/verdict.ts';
import type { Console } from '../../routes.ts';
import { written } from '../../written.ts';

const form = z.object({ head: written(64).default('') });

export function mountVerify({ act, engine }: Console): void {
  act('/audit/verify', 'operator', async ({ request }) => {
    const { head } = form.parse(request.body ?? {});
    const verdict = await verifyAllEntries(engine.store.db, head === '' ? undefined : head);
    const kind = verdict.kind === 'whole' ? 'done' : 'refused';
    return { to: '/audit', notice: { kind, text: verdictInWords(verdict, false).join(' ') } };
  });
}
