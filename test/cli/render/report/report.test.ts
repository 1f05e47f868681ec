/** The report as text: what it tells, and that nothing of the outside is anything but text in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../../src/cli/render/index.ts';
import type { ToldPlan } from '../../../../src/json/index.ts';
import { finding, now, operation, run, summary } from '../rows.ts';
import { anyView, fullView } from './views.ts';

/** As a reader sees it, roughly. */
const textOf = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

const told = (view: ToldPlan): string => textOf(renderReport([view], now));

describe('a report', () => {
  it('tells in words what it is, what it comes to, what guards say, and what to do', () => {
    const text = told(fullView);

    expect(text).toContain('Plan k3v9m2wt for corp');
    expect(text).toContain('Nothing of it has been done, and nothing will be before somebody approves it.');
    expect(text).toContain(
      '2 people would be deactivated, 2 people would be changed, 1 person would be adopted, 2 people would be given an account. 180 people stay as they are.',
    );
    expect(text).toContain('HELD: 2 people would be deactivated (1.1 %');
    expect(text).toContain('INCOMPLETE READING: The server stopped');
    expect(text).toContain('rollcall approve k3v9m2wt --reason "..."');
    expect(text).toContain('This file holds personal data');
  });

  it('has guards first, then findings, then people by kind with before and after', () => {
    const text = told(fullView);
    const order = [
      'HELD:',
      'In conflict, a person must decide: 1',
      'Skipped',
      'Deactivations: 2',
      'Changes: 2',
      'Engineer',
      'Manager',
      'Adoptions: 1',
      'New accounts: 2',
    ];
    const places = order.map((words) => text.lastIndexOf(words));

    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it('tells absent, null and empty apart, none of which is a text', () => {
    const html = renderReport(
      [
        {
          ...fullView,
          operations: [operation(1, { before: { a: null, b: '' }, after: { a: 'none', b: 'x', c: 'y' } })],
        },
      ],
      now,
    );

    expect(html).toContain('<dt>a</dt><dd><del><em>none</em></del>');
    expect(html).toContain('<ins><bdi>none</bdi></ins>');
    expect(html).toContain('<dt>b</dt><dd><del><em>empty</em></del>');
    expect(html).toContain('<dt>c</dt><dd><del><em>not known</em></del>');
  });

  it('of a run that is over tells what became of it, and asks for nothing', () => {
    const done = run({
      mode: 'apply',
      state: 'done',
      ended_at: now,
      summary: summary({ operations: { edit: 2 } }),
    });
    const text = told({
      run: done,
      operations: [operation(1, { state: 'done' }), operation(2, { state: 'failed', message: 'Refused.' })],
      findings: [finding({ kind: 'unconfirmed' })],
    });

    expect(text).toContain('Run k3v9m2wt for corp');
    expect(text).toContain('This is a run that ended at 2026-03-01 12:00:00Z.');
    expect(text).toContain('Of its 2 operations: 1 done, 1 failed.');
    expect(text).toContain('Refused.');
    expect(text).not.toContain('rollcall approve');
  });

  it('of a run that failed tells why', () => {
    const failed = run({ state: 'failed', summary: null, error: 'The directory refused the password.' });

    expect(told({ run: failed, operations: [], findings: [] })).toContain(
      'failed before it had a plan: The directory refused the password.',
    );
  });

  it('of a plan that nobody can approve any more says so', () => {
    const text = told({ ...fullView, run: run({ state: 'expired' }) });

    expect(text).toContain('This plan is over.');
    expect(text).not.toContain('rollcall approve');
  });

  it('has everybody in it, however many', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => operation(index + 1, { after: { title: 'x' } }));
    const html = renderReport([{ ...fullView, operations: many }], now);

    expect(html.match(/class="who"/g)).toHaveLength(3_000 + fullView.findings.length);
  });

  it('loads nothing and runs nothing', () => {
    const html = renderReport([fullView], now);

    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\son\w+=|@import|url\(|https?:/i);
    expect(html).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
  });
});

describe('whatever a directory holds', () => {
  /** Sorted, since attributes are in the order of their names. */
  const tagsOf = (html: string): readonly string[] => (html.match(/<[^>]*>/g) ?? []).sort();
  /** The same view, every text of the outside made harmless; texts that were told apart still are. */
  const harmless = (view: ToldPlan): ToldPlan => {
    const names = new Map<string, string>();
    const calm = (text: string): string => {
      const name = names.get(text) ?? `x${names.size}`;
      names.set(text, name);
      return name;
    };
    const calmAll = (all: Readonly<Record<string, unknown>>): Record<string, string> =>
      Object.fromEntries(Object.entries(all).map(([key, value]) => [calm(key), calm(String(value))]));
    return {
      run: {
        ...view.run,
        actor: calm(view.run.actor),
        raiseReason: 'x',
        approvals: view.run.approvals.map((one) => ({ ...one, actor: 'x', reason: 'x' })),
        summary: summary({ incomplete: 'x', fallback: 'x' }),
      },
      operations: view.operations.map((one) => ({
        ...one,
        label: calm(one.label),
        email: calm(one.email ?? ''),
        reason: 'x',
        message: 'x',
        before: calmAll(one.before),
        after: calmAll(one.after),
      })),
      findings: view.findings.map((one) => ({
        ...one,
        label: calm(one.label),
        email: calm(one.email ?? ''),
        reason: 'x',
      })),
    };
  };

  it('is text: no tag more and none less than of harmless people', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const html = renderReport([view], now);

        expect(tagsOf(html)).toEqual(tagsOf(renderReport([harmless(view)], now)));
        expect(html.isWellFormed()).toBe(true);
        expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
