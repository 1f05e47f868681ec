import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderPlan } from '../../../src/cli/render/index.ts';
import { operationKinds } from '../../../src/words/words.ts';
import { finding, operation, pipe, plain, run, summary, terminalOf } from './rows.ts';

const hold = {
  guard: 'maxDeactivations',
  kind: 'deactivate',
  count: 2,
  sentence: '2 people would be deactivated, more than the 1 that guards.maxDeactivations allows.',
} as const;

const heldPlan = {
  run: run({ summary: summary({ operations: { deactivate: 2, edit: 1 }, holds: [hold], conflicts: 1 }) }),
  operations: [
    operation(3, { before: { title: 'Engineer' }, after: { title: 'Manager', email: 'x@example.org' } }),
    operation(1, { kind: 'deactivate', hold: hold.guard, reason: 'They left.' }),
    operation(2, { kind: 'deactivate', hold: hold.guard, reason: 'They left, too.' }),
  ],
  findings: [
    finding({ kind: 'left', label: 'uid=lea', email: null, reason: 'Not ours.' }),
    finding({ kind: 'waiting', email: 'will@example.org' }),
    finding({ kind: 'conflict' }),
    finding({ kind: 'skipped', label: 'line 17', email: null }),
  ],
};

describe('a plan', () => {
  it('reads like a diff: who, why, and attribute by attribute', () => {
    const lines = renderPlan(heldPlan, pipe);

    const start = lines.indexOf('~ edit        person3@example.org  (uid=person3,dc=example,dc=org)');
    expect(lines.slice(start + 1, start + 4)).toEqual([
      '    The source and the profile differ in title.',
      '    email: (unknown) → "x@example.org"',
      '    title: "Engineer" → "Manager"',
    ]);
  });

  it('says of whom an invitation follows, and how many they are', () => {
    const create = (seq: number, invite_seq: number | null) =>
      operation(seq, { kind: 'create', invite_seq, reason: 'They are in scope.' });
    const lines = (second: number | null) =>
      renderPlan(
        {
          run: run({ summary: summary({ operations: { create: 2 } }) }),
          operations: [create(1, 3), create(2, second)],
          findings: [],
        },
        pipe,
      );

    expect(plain(lines(4))).toMatch(/person1@example[.]org .*then invited/);
    expect(plain(lines(4))).toContain('2 to create and invite');
    expect(plain(lines(null))).toContain('2 to create (1 of them is invited too)');
    expect(plain(lines(null))).not.toMatch(/person2@.*then invited/);
  });

  it('lists purges before all others, what they delete, and that they wait', () => {
    const sentence = '1 profile would be deleted for good.';
    const purge = operation(1, {
      kind: 'purge',
      state: 'held',
      hold: 'purge',
      reason: 'They left half a year ago.',
      before: { email: 'person1@example.org' },
    });
    const lines = renderPlan(
      {
        run: run({
          mode: 'apply',
          state: 'held',
          summary: summary({
            operations: { deactivate: 1, purge: 1 },
            holds: [{ guard: 'purge', kind: 'purge', count: 1, sentence }],
          }),
        }),
        operations: [operation(2, { kind: 'deactivate', state: 'queued' }), purge],
        findings: [],
      },
      pipe,
    );

    expect(lines[0]).toContain(sentence);
    const text = plain(lines);
    expect(text.indexOf('To purge: 1')).toBeLessThan(text.indexOf('To deactivate: 1'));
    expect(lines).toContain('x purge       person1@example.org  (uid=person1,dc=example,dc=org)  [held]');
    expect(text).toContain('They left half a year ago.');
    expect(text).toContain('1 to purge (held), 1 to deactivate');
  });

  it('has deactivations first, and findings with conflicts first', () => {
    const text = plain(renderPlan(heldPlan, pipe));
    const order = [
      'To deactivate: 2',
      'person1@',
      'person2@',
      'To edit: 1',
      'In conflict',
      'karl@example.org',
      'Skipped',
      'line 17',
      'Waiting',
      'Left alone',
      'uid=lea',
    ].map((words) => text.indexOf(words));

    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("shows a guard's sentence once, at the top, and marks what it holds", () => {
    const lines = renderPlan(heldPlan, pipe);

    expect(lines[0]).toBe(`HELD: ${hold.sentence} They wait for approval.`);
    expect(lines.filter((line) => line.includes(hold.sentence))).toHaveLength(1);
    expect(lines.filter((line) => line.endsWith('[held]'))).toHaveLength(2);
  });

  it('shows the sentence of a guard over one person while they wait, and that the others of a kind do not', () => {
    const contradiction = (anchor: string, sentence: string) =>
      ({ guard: 'contradiction', kind: 'deactivate', anchors: [anchor], count: 1, sentence }) as const;
    const [one, other] = [1, 2].map((seq) =>
      operation(seq, { kind: 'deactivate', state: seq === 1 ? 'held' : 'queued', hold: 'contradiction' }),
    );
    if (one === undefined || other === undefined) throw new Error('There are two.');
    const holds = [contradiction(one.anchor, 'About one.'), contradiction(other.anchor, 'About the other.')];
    const lines = renderPlan(
      {
        run: run({
          mode: 'apply',
          state: 'held',
          summary: summary({ operations: { deactivate: 2 }, holds }),
        }),
        operations: [one, other],
        findings: [],
      },
      pipe,
    );

    expect(lines[0]).toBe('HELD: About one. They wait for approval.');
    expect(plain(lines)).not.toContain('About the other.');
    expect(plain(lines)).toContain('2 to deactivate (1 of them held)');
  });

  it('ends with its sum and what to do next', () => {
    const lines = renderPlan(
      { ...heldPlan, run: run({ ...heldPlan.run, expires_at: new Date('2026-03-02T12:00:00Z') }) },
      pipe,
    );

    expect(lines.slice(-4)).toEqual([
      'Plan k3v9m2wt for corp: 2 to deactivate (held), 1 to edit; 180 unchanged, 1 conflict, 1 skipped, 1 waiting, 1 left alone.',
      'Nothing of it is carried out before somebody approves it, until 2026-03-02 12:00:00Z:',
      '  rollcall approve k3v9m2wt --reason "..."',
      '  rollcall reject k3v9m2wt --reason "..."  drops it',
    ]);
  });

  it('that is being carried out asks for approval of what is held only, and tells what failed', () => {
    const text = plain(
      renderPlan(
        {
          run: run({
            mode: 'apply',
            state: 'executing',
            summary: summary({ operations: { deactivate: 1, edit: 1 }, holds: [hold] }),
          }),
          operations: [
            operation(1, { kind: 'deactivate', state: 'held', hold: hold.guard }),
            operation(2, { state: 'failed', message: 'The server refused the title.' }),
          ],
          findings: [],
        },
        pipe,
      ),
    );

    expect(text).toContain('1 operation waits for approval; the rest goes on:');
    expect(text).toMatch(/person2@example\.org .*\[failed\]/);
    expect(text).toContain('    The server refused the title.');
  });

  it('that was approved says nothing of holds any more', () => {
    const text = plain(
      renderPlan(
        {
          run: run({
            state: 'executing',
            summary: summary({ operations: { deactivate: 2 }, holds: [hold] }),
          }),
          operations: [operation(1, { kind: 'deactivate', state: 'done', hold: hold.guard })],
          findings: [],
        },
        pipe,
      ),
    );

    expect(text).not.toMatch(/held/i);
    expect(text).not.toContain('approve');
    expect(text).toContain('[done]');
  });

  it('without operations says plainly that nothing differs', () => {
    const lines = renderPlan({ run: run({ state: 'done' }), operations: [], findings: [] }, pipe);

    expect(lines).toEqual([
      'Nothing differs: the org is as corp says.',
      'Plan k3v9m2wt for corp: nothing to do; 180 unchanged.',
    ]);
  });

  it('does not claim that all is well where the reading was incomplete', () => {
    const incomplete = summary({ incomplete: 'The server stopped after 500 entries.' });
    const text = plain(renderPlan({ run: run({ summary: incomplete }), operations: [], findings: [] }, pipe));

    expect(text).toMatch(/^INCOMPLETE READING: The server stopped after 500 entries\./);
    expect(text).not.toContain('the org is as');
  });

  it('of a run that failed tells why', () => {
    const failed = run({ state: 'failed', summary: null, error: 'The directory refused the password.' });

    expect(renderPlan({ run: failed, operations: [], findings: [] }, pipe)).toEqual([
      'Run k3v9m2wt for corp failed before it had a plan: The directory refused the password.',
    ]);
  });

  it('of one person alone says so', () => {
    const alone = run({ only_who: 'anna@example.org' });

    expect(plain(renderPlan({ run: alone, operations: [], findings: [] }, pipe))).toContain(
      'Plan k3v9m2wt for corp, anna@example.org alone:',
    );
  });
});

describe('a long plan', () => {
  const operations = Array.from({ length: 362 }, (_, index) =>
    operation(index + 1, {
      kind: 'create',
      reason: 'They are in scope and have no profile yet.',
      after: { first_name: 'Anna', last_name: 'Adams' },
    }),
  );
  const view = { run: run({ summary: summary({ operations: { create: 362 } }) }), operations, findings: [] };

  it('has a line for each person who is created, and the shared reason once', () => {
    const lines = renderPlan({ ...view, operations: operations.slice(0, 2) }, pipe);

    expect(lines.slice(0, 4)).toEqual([
      'To create: 2',
      '    They are in scope and have no profile yet.',
      '+ create      person1@example.org  (uid=person1,dc=example,dc=org)  2 attributes',
      '+ create      person2@example.org  (uid=person2,dc=example,dc=org)  2 attributes',
    ]);
  });

  it('is cut, and says so', () => {
    const lines = renderPlan(view, pipe);

    expect(lines.filter((line) => line.startsWith('+ create'))).toHaveLength(50);
    expect(lines).toContain('  ... and 312 more (--all shows them)');
    expect(renderPlan(view, pipe, { all: false, most: 6 })).toContain(
      '  ... and 356 more (--all shows them)',
    );
  });

  it('shows everybody with every attribute when all is asked for', () => {
    const lines = renderPlan(view, pipe, { all: true });

    expect(lines.filter((line) => line.startsWith('+ create'))).toHaveLength(362);
    expect(lines.filter((line) => line === '    + first_name: "Anna"')).toHaveLength(362);
    expect(plain(lines)).not.toContain('more');
  });

  it('cuts a long value on a terminal, and never in a pipe', () => {
    const bio = '𝒳'.repeat(5_000);
    const long = { ...view, operations: [operation(1, { after: { bio } })] };

    expect(plain(renderPlan(long, pipe))).toContain(bio);
    expect(plain(renderPlan(long, terminalOf(80), { all: true }))).toContain(bio);
    const cut = plain(renderPlan(long, terminalOf(80)));
    expect(cut).toMatch(/𝒳\.\.\. \(10002 characters; --all shows them\)/u);
    expect(cut.isWellFormed()).toBe(true);
  });
});

describe('whatever a directory holds', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const rows = fc.array(
    fc.record({
      kind: fc.constantFrom(...operationKinds),
      state: fc.constantFrom('planned', 'held', 'queued', 'done', 'failed'),
      label: text,
      email: fc.option(text),
      reason: text,
      message: fc.option(text),
      before: fc.dictionary(text, text),
      after: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text))),
    }),
    { maxLength: 120 },
  );
  const view = rows.map((all) => ({
    run: run(),
    operations: all.map((about, index) => operation(index + 1, about)),
    findings: all.map(({ label, email, reason }) => finding({ label, email, reason })),
  }));

  it('no control character gets through but our own colours', () => {
    fc.assert(
      fc.property(view, fc.boolean(), fc.constantFrom(40, 80, 160), (plan, all, width) => {
        for (const line of renderPlan(plan, terminalOf(width), { all })) {
          const withoutColours = line.replaceAll(/\p{Cc}\[(?:[12]|22|3[1-9])m/gu, '');
          expect(withoutColours).not.toMatch(/\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u);
        }
        expect(plain(renderPlan(plan, pipe, { all }))).toBe(renderPlan(plan, pipe, { all }).join('\n'));
      }),
      { numRuns: 50 },
    );
  });

  it('every person appears when all is asked for', () => {
    const people = fc.array(
      fc.record({ kind: fc.constantFrom(...operationKinds), email: fc.option(fc.emailAddress()) }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(people, fc.constantFrom(20, 80, Number.POSITIVE_INFINITY), (all, width) => {
        const operations = all.map((about, index) =>
          operation(index + 1, { ...about, label: `uid=person${index}` }),
        );
        const lines = renderPlan({ run: run(), operations, findings: [] }, terminalOf(width), {
          all: true,
        }).map((line) => stripVTControlCharacters(line));

        for (const { email, label } of operations) {
          expect(
            lines.some((line) =>
              email === null ? line.endsWith(`  ${label}`) : line.includes(`  ${email}  (${label})`),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
