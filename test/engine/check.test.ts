import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { viewPlan } from '../../src/acts/index.ts';
import { unkeptInWords } from '../../src/cli/render/plan-summary.ts';
import { type CheckedPart, checkAll } from '../../src/engine/index.ts';
import { planJson } from '../../src/json/index.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { install } from './installation.ts';

test('check shows what becomes of the first people of a source, and no secret of theirs', async () => {
  const mapping = `{ email: mail, username: mail, name: cn, pin: '"1234"' }`;
  await using here = await install({
    people: 4,
    config: { mapping, scope: `'!user.mail.startsWith("bogdan")'` },
  });
  const loaded = await loadConfig({ file: join(here.folder, 'rollcall.yaml'), env: {} });

  const parts: CheckedPart[] = [];
  for await (const part of checkAll(loaded, AbortSignal.timeout(30_000))) parts.push(part);

  const texts = parts.find(({ part }) => part.startsWith('source'))?.findings.map(({ text }) => text) ?? [];
  const examples = texts.filter((text) => text.startsWith('For example '));
  expect(examples).toHaveLength(3);
  expect(examples[0]).toBe(
    'For example uid=zoe.muller,ou=people,dc=example,dc=org belongs in the org, with email "zoe.muller@example.org", username "zoe.muller@example.org", name "Zoë Müller", pin (not shown).',
  );
  expect(examples[2]).toBe(
    'For example uid=bogdan.horvath,ou=people,dc=example,dc=org does not belong in the org: They are out of scope (!user.mail.startsWith("bogdan") is false).',
  );
});

test('check names the words of the configuration that the org does not know, each with the mend', async () => {
  const mapping = `{ email: mail, username: mail, timezone: '"Mars/Base"', dashboard: '"Home"', role: '"User"' }`;
  await using here = await install({
    people: 1,
    sandbox: { roles: ['User'], timezones: ['UTC'], dashboards: [] },
    config: { mapping, lifecycle: '{ invite: { role: Unheard } }' },
  });
  const loaded = await loadConfig({ file: join(here.folder, 'rollcall.yaml'), env: {} });

  const parts: CheckedPart[] = [];
  for await (const part of checkAll(loaded, AbortSignal.timeout(30_000))) parts.push(part);

  const findings = parts.find(({ part }) => part === 'profile API')?.findings ?? [];
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ok: false, mend: 'Make it in the org, or mend lifecycle.invite.role.' }),
      expect.objectContaining({ ok: true, text: 'The role User exists in the org.' }),
      expect.objectContaining({ ok: false, mend: 'Make it in the org, or mend mapping.timezone.' }),
      expect.objectContaining({
        ok: false,
        text: expect.stringContaining('dashboard Home of mapping.dashboard'),
      }),
    ]),
  );
});

test('what the org does not keep is named by the plan and by check, with what to do about it', async () => {
  await using here = await install({ people: 3 });
  await here.sync();
  const { db } = here.engine.store;
  // The org took another title than it was sent.
  await db.updateTable('links').set({ unkept: '{"organization_role": "Head"}' }).execute();

  const run = await runOf(db, await here.plan());
  if (run === undefined) throw new Error('The run is not in the store.');
  const view = planJson(await viewPlan(db, run));
  const loaded = await loadConfig({ file: join(here.folder, 'rollcall.yaml'), env: {} });
  const said: string[] = [];
  for await (const { findings } of checkAll(loaded, AbortSignal.timeout(30_000)))
    said.push(...findings.map(({ text }) => text));

  expect(view.run.summary?.unkept).toEqual({ organization_role: 3 });
  expect(unkeptInWords(view)).toEqual([
    expect.stringContaining('Not kept by the org as it was sent: organization_role (3 people).'),
  ]);
  expect(said).toContainEqual(
    expect.stringContaining(
      'The org did not keep organization_role as it was sent for 3 of the people of people',
    ),
  );
});
