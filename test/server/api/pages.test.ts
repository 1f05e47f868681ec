/** Long lists, page by page: everybody once, in order, whatever is added meanwhile. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunId } from '../../../src/store/operations/operation.ts';
import { openSite, type Site } from '../console/site.ts';
import { at, textAt } from './answer.ts';
import { type Client, clientOf } from './client.ts';

const people = 10_000;

let site: Site;
let client: Client;
let plan: RunId;

beforeAll(async () => {
  site = await openSite({ people });
  client = clientOf(site);
  plan = await site.plan();
}, 120_000);
afterAll(async () => await site[Symbol.asyncDispose]());

const page = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });
const idOf = (item: unknown) => textAt(item, 'id');

/** @param between - done after the first page */
async function everything(
  path: string,
  limit: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<{ readonly items: readonly unknown[]; readonly pages: number }> {
  const items: unknown[] = [];
  let pages = 0;
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, body } = await client.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next}`,
    );
    expect(status).toBe(200);
    const told = page.parse(body);
    items.push(...told.items);
    cursor = told.next;
    if (pages === 0) await between();
  }
  return { items, pages };
}

describe('a plan of 10,000 people', () => {
  test('is told whole, in the order of the plan', async () => {
    const { items, pages } = await everything(`/runs/${plan}/operations`, 500);

    expect(pages).toBe(people / 500);
    expect(items.map(idOf)).toEqual(Array.from({ length: people }, (_, index) => `${plan}.${index + 1}`));
  });

  test('is filtered by kind, by state and by person', async () => {
    const { mail } = site.person(4_711);

    const found = await everything(`/runs/${plan}/operations?who=${mail.toUpperCase()}`, 50);
    expect(found.items.map((item) => at(item, 'email'))).toEqual([mail]);
    const [name = ''] = mail.split('@');
    const alike = site.people.filter((one) => one.mail.includes(name)).length;
    expect(
      (await everything(`/runs/${plan}/operations?who=${name}`, 500)).items.length,
    ).toBeGreaterThanOrEqual(alike);
    for (const [filter, count] of [
      ['state=planned', people],
      ['state=planned&state=held&kind=create', people],
      ['kind=deactivate', 0],
      ['state=done', 0],
      ['who=100%25', 0],
      ['who=_', 0],
    ] as const)
      expect((await everything(`/runs/${plan}/operations?${filter}`, 500)).items, filter).toHaveLength(count);
  });

  test('is one of those in all operations, wherever a later plan begins', async () => {
    const before = (await everything('/operations', 500)).items.length;

    const { items } = await everything('/operations', 500, () => site.plan(site.person(3).mail));

    expect(items).toHaveLength(before);
    expect(new Set(items.map(idOf)).size).toBe(before);
  });
});

test('runs that come meanwhile move nothing, and none that came at one moment is lost', async () => {
  await client.post('/runs', { source: 'people', mode: 'plan' });
  const { db } = site.engine.store;
  for (let count = 0; count < 20; count += 1) await site.request('plan');
  await db.updateTable('runs').set({ actor: 'cli:twin' }).where('state', '=', 'requested').execute();
  const before = (await everything('/runs?actor=cli:twin', 500)).items.map(idOf);

  const { items, pages } = await everything('/runs?actor=cli:twin', 3, async () => {
    await site.request('plan');
    await db.updateTable('runs').set({ actor: 'cli:twin' }).where('state', '=', 'requested').execute();
  });

  expect(items.map(idOf)).toEqual(before);
  expect(pages).toBe(Math.ceil(before.length / 3));
});

test('the audit log, the latest first, and exported in its order', async () => {
  const { items } = await everything('/audit', 2);
  const seqs = items.map((item) => Number(at(item, 'seq')));

  expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
  const lines = String((await client.get('/audit/export')).body)
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(seqs.toReversed());
  const csv = await client.get('/audit/export?format=csv&action=run.planned');
  expect(csv.type).toBe('text/csv');
  expect(String(csv.body).split('\n')[0]).toContain('seq,at,actor,action,run');
});
