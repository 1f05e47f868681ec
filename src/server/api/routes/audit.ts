import { PassThrough } from 'node:stream';
import { z } from 'zod';
import {
  auditActions,
  exportAudit,
  latestEntries,
  plainEntry,
  verifyAllEntries,
} from '../../../audit/index.ts';
import { auditEntry, verdict } from '../../../json/schemas/audit.ts';
import { page, pageOf, plainText, runName } from '../../../json/schemas/parts.ts';
import type { RunId } from '../../../store/operations/operation.ts';
import { discreetTo } from '../discreet.ts';
import type { Api } from '../route.ts';

const when = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    'Write a day or a time, such as 2026-03-01 or 2026-03-01T08:00:00Z.',
  )
  .transform((text) => new Date(text))
  .optional();

const filters = {
  who: plainText.optional().meta({ description: 'An e-mail address, an anchor or a profile id' }),
  run: runName.optional(),
  since: when.meta({ description: 'From this time on', examples: ['2026-03-01T00:00:00Z'] }),
  until: when.meta({ description: 'Before this time', examples: ['2026-04-01T00:00:00Z'] }),
  actor: plainText.optional().meta({ examples: ['token:ci'] }),
  action: z
    .enum(auditActions)
    .optional()
    .meta({ examples: ['plan.approved'] }),
};

const types = { jsonl: 'application/x-ndjson', csv: 'text/csv' } as const;

export function addAudit(api: Api): void {
  const { engine, cursors } = api;
  const { db } = engine.store;
  const discreet = discreetTo(engine);
  const filterOf = ({ run, ...others }: z.output<z.ZodObject<typeof filters>>) => ({
    ...others,
    run: run as RunId | undefined,
  });

  api.json({
    ...{ method: 'GET', path: '/audit', id: 'listAudit', role: 'viewer', tag: 'Audit' },
    summary: 'Who did what, when and why, the latest first',
    query: z.strictObject({ ...page, ...filters }),
    answer: pageOf(auditEntry),
    handle: async ({ query: { cursor, limit, ...filter } }) => {
      const before = cursors.read('audit', cursor, z.int());
      const found = (await latestEntries(db, { ...filterOf(filter), before }, limit + 1)).toReversed();
      const items = found.slice(0, limit).map((entry) => discreet.entry(plainEntry(entry)));
      const last = items.at(-1);
      return {
        items,
        next: found.length > limit && last !== undefined ? cursors.write('audit', last.seq) : null,
      };
    },
  });

  api.stream({
    ...{ method: 'GET', path: '/audit/export', id: 'exportAudit', role: 'viewer', tag: 'Audit' },
    summary: 'All entries that fit, in their order, for other tools',
    description: 'As JSON lines, or as CSV with `format=csv`. It is streamed, however long it is.',
    query: z.strictObject({ ...filters, format: z.enum(['jsonl', 'csv']).default('jsonl') }),
    types: Object.values(types),
    handle: async ({ query: { format, ...filter } }, reply) => {
      const out = new PassThrough();
      exportAudit(db, filterOf(filter), format, out).then(
        () => out.end(),
        (error: unknown) => {
          // Whoever leaves off a download is no trouble of ours.
          if (!reply.raw.destroyed)
            engine.log.error(
              { event: 'api.export-failed', err: error },
              'An export of the audit log broke off.',
            );
          // Cut off in the middle, so that nobody takes it for whole.
          out.destroy(error instanceof Error ? error : new Error(String(error)));
        },
      );
      return await reply
        .type(`${types[format]}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(out);
    },
  });

  api.json({
    ...{ method: 'POST', path: '/audit/verify', id: 'verifyAudit', role: 'operator', tag: 'Audit' },
    summary: 'Proves that no entry was changed, removed or put in',
    description: 'Looks at the whole log, which takes about a second for 100,000 entries.',
    body: z
      .strictObject({
        head: plainText.optional().meta({ description: 'A head noted earlier, to be found in the log' }),
      })
      .meta({ examples: [{}] }),
    answer: verdict,
    handle: async ({ body: { head } }) => await verifyAllEntries(db, head),
  });
}
