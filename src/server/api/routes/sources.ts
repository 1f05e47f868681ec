import { z } from 'zod';
import { clearQuarantineOf, sourcesNamed } from '../../../acts/index.ts';
import { checkSource, statusOf } from '../../../engine/index.ts';
import { statusJson } from '../../../json/index.ts';
import { reason, sourceName } from '../../../json/schemas/parts.ts';
import { sourceState } from '../../../json/schemas/status.ts';
import { ApiProblem, unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

const params = z.object({ source: sourceName });

const source = sourceState
  .extend({
    type: z.enum(['ldap', 'ldif', 'entra']),
    schedule: z.object({
      full: z.string().nullable().meta({ description: 'When all is read, as cron writes it' }),
      delta: z.string().nullable(),
      timezone: z.string().nullable(),
    }),
  })
  .meta({ id: 'Source' });

export function addSources(api: Api): void {
  const { engine } = api;
  const all = async () => {
    const { sources } = statusJson(await statusOf(engine));
    return engine.sources.flatMap(({ id, config: { type, schedule } }) => {
      const state = sources.find((one) => one.id === id);
      const { full = null, delta = null, timezone = null } = schedule;
      return state === undefined ? [] : [{ ...state, type, schedule: { full, delta, timezone } }];
    });
  };
  api.json({
    ...{ method: 'GET', path: '/sources', id: 'listSources', role: 'viewer', tag: 'Sources' },
    summary: 'The sources, and how each stands',
    answer: z.object({ items: z.array(source) }),
    handle: async () => ({ items: await all() }),
  });
  api.json({
    ...{ method: 'GET', path: '/sources/:source', id: 'getSource', role: 'viewer', tag: 'Sources' },
    summary: 'One source',
    params,
    answer: source,
    handle: async ({ params: { source: name } }) => {
      unlessRefused(sourcesNamed(engine, name));
      const found = (await all()).find(({ id }) => id === name);
      if (found === undefined) throw new ApiProblem('not-found', `There is no source ${name}.`);
      return found;
    },
  });
  api.json({
    ...{
      method: 'POST',
      path: '/sources/:source/check',
      id: 'checkSource',
      role: 'operator',
      tag: 'Sources',
    },
    summary: 'Is the source reachable, permitted and sane?',
    description: 'Asks the source itself, and reads some of it. It changes nothing.',
    params,
    answer: z.object({
      findings: z.array(z.object({ ok: z.boolean(), text: z.string(), mend: z.string().nullable() })),
    }),
    handle: async ({ params: { source: name }, signal }) => {
      const { sources } = unlessRefused(sourcesNamed(engine, name));
      const found = await Promise.all(
        sources.map(async ({ config, rules }) => await checkSource(config, rules, signal)),
      );
      return { findings: found.flat().map(({ ok, text, mend = null }) => ({ ok, text, mend })) };
    },
  });
  api.json({
    ...{
      method: 'POST',
      path: '/sources/:source/quarantine/clear',
      id: 'clearQuarantine',
      role: 'operator',
      tag: 'Sources',
    },
    summary: 'Lets a source out of quarantine',
    description:
      'It is read by its schedule again, and the next run removes people, as far as the guards let it.',
    params,
    body: z.strictObject({ reason }).meta({ examples: [{ reason: 'The bind account can read again' }] }),
    answer: z.object({ source: z.string() }).meta({ examples: [{ source: 'corp' }] }),
    handle: async ({ acting, params: { source: name }, body }) => {
      const { source: cleared } = unlessRefused(await clearQuarantineOf(acting, name, body.reason));
      return { source: cleared };
    },
  });
}
