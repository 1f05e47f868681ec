/** `/audit/export`: the entries that are wanted, streamed as they are read. */
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { exportAudit } from '../../../../audit/index.ts';
import type { Console } from '../../routes.ts';
import { filterOf, wishOf } from './wish.ts';

const types = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
} as const;

const asked = z.object({ format: z.enum(['csv', 'jsonl']).catch('csv') });

export function mountExport({ serve, engine }: Console): void {
  const { store, log } = engine;
  serve('/audit/export', 'viewer', async ({ request, visitor }, reply) => {
    const { format } = asked.parse(request.query);
    const { filter } = filterOf(wishOf(request.query));
    log.info(
      { event: 'console.audit-exported', actor: visitor.actor, format },
      'Somebody takes entries of the audit log along.',
    );
    const out = new PassThrough();
    exportAudit(store.db, { ...filter, before: undefined }, format, out).then(
      () => out.end(),
      (error: Error) => {
        // Whoever leaves off a download is no trouble of ours.
        if (!reply.raw.destroyed)
          log.error(
            { event: 'console.export-failed', err: error },
            'The audit log could not be exported to its end.',
          );
        out.destroy(error);
      },
    );
    const day = new Date().toISOString().slice(0, 10);
    return reply
      .type(types[format])
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="rollcall-audit-${day}.${format}"`)
      .send(out);
  });
}
