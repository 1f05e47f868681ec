/** Plans for reports: one with something of everything, and whatever a directory may hold. */
import fc from 'fast-check';
import type { ToldPlan } from '../../../../src/json/index.ts';
import { findingKinds, operationKinds } from '../../../../src/words/words.ts';
import { finding, operation, run, summary } from '../rows.ts';

const hold = {
  guard: 'maxDeactivations',
  kind: 'deactivate',
  count: 2,
  sentence:
    '2 people would be deactivated (1.1 % of 180 linked, active people), more than the 1 that guards.maxDeactivations allows.',
} as const;

const left = 'The source has marked them as left: employeeType is "left".';

export const fullView: ToldPlan = {
  run: run({
    summary: summary({
      operations: { deactivate: 2, edit: 2, adopt: 1, create: 2 },
      holds: [hold],
      conflicts: 1,
      incomplete: 'The server stopped after 500 entries (size limit).',
    }),
    expires_at: new Date('2026-03-04T12:00:00Z'),
  }),
  operations: [
    operation(1, { kind: 'deactivate', hold: hold.guard, reason: left, email: 'ann.adams@example.org' }),
    operation(2, { kind: 'deactivate', hold: hold.guard, reason: left, label: 'uid=بدر,dc=example,dc=org' }),
    operation(3, {
      before: { title: 'Engineer', phone: null },
      after: { title: 'Manager', phone: '+43 1 5550123', department: 'Vienna' },
    }),
    operation(4, { before: { name: 'عبد الله' }, after: { name: 'عبد الله الأمين', phone: '' } }),
    operation(5, { kind: 'adopt', before: { title: '' }, after: { title: '部長', tags: ['a', 'b'] } }),
    operation(6, {
      kind: 'create',
      invite_seq: 7,
      reason: 'They are in scope and have no profile yet.',
      after: { email: 'zoe@example.org', name: 'Zoë Young' },
    }),
    operation(7, {
      kind: 'create',
      state: 'failed',
      message: 'The server refused the address.',
      email: `${'long.'.repeat(20)}@example.org`,
      after: { email: `${'long.'.repeat(20)}@example.org` },
    }),
  ],
  findings: [
    finding(),
    finding({ kind: 'skipped', label: 'line 17', email: null, reason: 'It has no mail.' }),
    finding({ kind: 'left', reason: 'guards.protected names them.' }),
  ],
  overtaken: 1,
};

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, size: 'max', maxLength: 60 }),
  fc.constantFrom(
    '<script>document.title = "hacked"</script>',
    '"><img src=x onerror="document.title=1">',
    "' onmouseover='document.title=1",
    '</style><style>*{display:none}',
    '<!--',
    ']]>',
    '&lt;b&gt;',
    '\u202egnp.exe',
  ),
);

/** A view in which every text is such a word. */
const viewOf = (word: fc.Arbitrary<string>): fc.Arbitrary<ToldPlan> =>
  fc
    .record({
      people: fc.array(
        fc.record({
          kind: fc.constantFrom(...operationKinds),
          state: fc.constantFrom('planned', 'held', 'queued', 'done', 'failed'),
          label: word,
          email: word,
          reason: word,
          message: word,
          before: fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 }),
          after: fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      found: fc.array(
        fc.record({ kind: fc.constantFrom(...findingKinds), label: word, email: word, reason: word }),
        { maxLength: 4 },
      ),
      actor: word,
      reason: word,
      incomplete: word,
    })
    .map(({ people, found, actor, reason, incomplete }) => ({
      run: run({
        actor,
        approvals: [{ actor, reason, at: '2026-03-01T12:00:00Z' }],
        raised: { maxEdits: 3 },
        raise_reason: reason,
        summary: summary({ incomplete, fallback: incomplete }),
      }),
      operations: people.map((about, index) => operation(index + 1, about)),
      findings: found.map((about) => finding(about)),
    }));

export const anyView = viewOf(text);
