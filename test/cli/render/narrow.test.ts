/** Whatever a directory holds, and however wide the terminal is: no line is broken by the terminal, and nothing is lost. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { plainEntry } from '../../../src/audit/index.ts';
import { displayWidth } from '../../../src/cli/render/display-width.ts';
import {
  createTerminal,
  renderAudit,
  renderCheck,
  renderConflicts,
  renderDepartures,
  renderOperations,
  renderPlan,
  renderRuns,
  renderStatus,
  type Terminal,
} from '../../../src/cli/render/index.ts';
import { fit } from '../../../src/cli/render/wrap.ts';
import { conflictsJson, departureJson, statusJson } from '../../../src/json/index.ts';
import type { DepartureId } from '../../../src/store/departures/departure.ts';
import { printable } from '../../../src/words/printable.ts';
import { findingKinds, operationKinds } from '../../../src/words/words.ts';
import { collect } from '../output.ts';
import {
  corp,
  finding,
  now,
  operation,
  run,
  runId,
  storedFinding,
  storedOperation,
  storedRun,
  summary,
} from './rows.ts';

const columns = [40, 80, 200] as const;

/** What is written on a terminal so wide. */
function shown(width: number, render: (terminal: Terminal) => readonly string[]): readonly string[] {
  const { stdout, stderr, told } = collect({ isTTY: true, columns: width });
  const terminal = createTerminal({ stdout, stderr, env: {}, json: false });
  for (const line of render(terminal)) terminal.line(line);
  return stripVTControlCharacters(told()).split('\n').slice(0, -1);
}

/** A word that is longer than a line, and a command, are left whole: to be copied. */
const isLeftWhole = (line: string): boolean =>
  !line.trim().includes(' ') || line.trimStart().startsWith('rollcall ');

function expectToFit(lines: readonly string[], width: number): void {
  for (const line of lines)
    if (displayWidth(line) > width)
      expect(isLeftWhole(line), `${displayWidth(line)} > ${width}: ${line}`).toBe(true);
}

const squeezed = (text: string): string => text.replaceAll(/\s/gu, '');

const word = fc.oneof(
  fc.constantFrom(
    'Zoë',
    'O’Hara',
    'uid=ann,ou=people,dc=example,dc=org',
    '山田太郎',
    '東京支店の部長',
    'عبد',
    'الله',
    'שלום',
    '👩‍💻',
    'ｱｲ',
    '\u202egnp',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, size: 'max', maxLength: 60 }),
);
const sentence = fc.array(word, { minLength: 1, maxLength: 14, size: 'max' }).map((words) => words.join(' '));
const email = word.map((name) => `${squeezed(name)}@example.org`);
const person = fc.record({ email, label: sentence, reason: sentence, message: sentence });
const people = fc.array(person, { minLength: 1, maxLength: 6 });

/** Each of these must be in what is shown, with the breaks of lines left out. */
interface Case {
  readonly name: string;
  readonly render: (
    all: readonly (typeof person extends fc.Arbitrary<infer Value> ? Value : never)[],
  ) => (terminal: Terminal) => readonly string[];
  readonly keeps: readonly ('email' | 'label' | 'reason' | 'message')[];
}

const cases: readonly Case[] = [
  {
    name: 'a plan',
    keeps: ['email', 'label', 'reason', 'message'],
    render: (all) => (terminal) =>
      renderPlan(
        {
          run: run({
            summary: summary({ incomplete: all[0]?.reason ?? null, fallback: all[0]?.message ?? null }),
          }),
          operations: all.map((about, index) =>
            operation(index + 1, {
              ...about,
              kind: operationKinds[index] ?? 'edit',
              after: { [about.label]: about.reason },
              before: { [about.label]: about.message },
            }),
          ),
          findings: all.map((about, index) => finding({ ...about, kind: findingKinds[index] ?? 'conflict' })),
        },
        terminal,
        { all: true },
      ),
  },
  {
    name: 'operations',
    keeps: ['email', 'message'],
    render: (all) => (terminal) =>
      renderOperations(
        all.map((about, index) => operation(index + 1, { ...about, state: 'failed' })),
        terminal,
      ),
  },
  {
    name: 'runs',
    keeps: ['reason', 'label'],
    render: (all) => (terminal) =>
      renderRuns(
        all.map(({ reason, label }) => ({ ...run({ error: reason, actor: label }), counts: {} })),
        terminal,
        now,
      ),
  },
  {
    name: 'the audit log',
    keeps: ['email', 'reason'],
    render: (all) => (terminal) =>
      renderAudit(
        all.map((about, index) =>
          plainEntry({
            ...{ seq: String(index), at: now, actor: 'cli:anna', action: 'plan.approved', run_id: runId },
            ...{
              operation_id: null,
              source_id: corp,
              anchor: null,
              profile_id: null,
              details: {},
              prev_hash: '',
              hash: '',
            },
            ...about,
          }),
        ),
        terminal,
      ),
  },
  {
    name: 'departures',
    keeps: ['email', 'reason'],
    render: (all) => (terminal) =>
      renderDepartures(
        all.map((about, index) =>
          departureJson({
            ...{
              id: `d${index}` as DepartureId,
              source: corp,
              anchor: storedOperation(index).anchor,
              cause: 'operator',
              actor: 'cli:anna',
            },
            ...{ eventId: undefined, arrivedAt: now, dueAt: now, actedAt: now, run: runId, isHeld: false },
            ...{ deactivatedAt: now, verifiedAt: now },
            ...about,
          }),
        ),
        terminal,
        now,
      ),
  },
  {
    name: 'conflicts',
    keeps: ['email', 'label', 'reason'],
    render: (all) => (terminal) =>
      renderConflicts(
        [
          conflictsJson({
            ...{ source: corp, run: storedRun(), rulings: [] },
            conflicts: all.map((about) => storedFinding(about)),
          }),
        ],
        terminal,
        now,
      ),
  },
  {
    name: 'a check',
    keeps: ['label', 'reason', 'message'],
    render: (all) => (terminal) =>
      all.flatMap(({ label, reason, message }) =>
        renderCheck({ part: label, findings: [{ ok: false, text: reason, mend: message }] }, terminal),
      ),
  },
  {
    name: 'the status',
    keeps: ['reason', 'message'],
    render: (all) => (terminal) =>
      renderStatus(
        statusJson({
          pause: undefined,
          maintenance: { current: standstillFor(all[0]?.reason), next: standstillFor(all[0]?.message) },
          auditBreak: undefined,
          sources: all.map(({ reason, message }) => ({
            id: corp,
            lastRun: storedRun({ state: 'failed', error: reason }),
            quarantine: undefined,
            nextRun: { at: now, reading: 'full' },
            lastGoodReadingAt: now,
            noticesTrouble: message,
            pause: {
              ...{ source: corp, reason: message, actor: 'cli:anna', since: now, until: now },
              leavers: 'go',
            },
          })),
          queue: { queued: 1, running: 2 },
          heldPlans: [],
          failed: 3,
          services: [],
          deafChannels: [],
        }),
        terminal,
        now,
      ),
  },
];

const standstillFor = (reason: string | undefined) =>
  ({ from: now, until: now, leavers: 'go', reason }) as const;

describe.each(columns)('at %i columns', (width) => {
  test.each(cases)('$name fits, and nothing of it is lost', ({ render, keeps }) => {
    fc.assert(
      fc.property(people, (all) => {
        const lines = shown(width, render(all));

        expectToFit(lines, width);
        const text = squeezed(lines.join(''));
        for (const one of all) for (const key of keeps) expect(text).toContain(squeezed(printable(one[key])));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe('a line that is wider than the terminal', () => {
  it('goes on two columns further in, between words', () => {
    expect(fit('  last run  done, three minutes ago', 24)).toEqual([
      '  last run  done, three',
      '    minutes ago',
    ]);
  });

  it('breaks between characters where there are no words', () => {
    expect(fit('山田太郎は東京支店の部長になりました', 20)).toEqual([
      '山田太郎は東京支店の',
      '  部長になりました',
    ]);
  });

  it('leaves a command and an address whole', () => {
    const command = '  rollcall approve k3v9m2wt --reason "..."';
    expect(fit(command, 30)).toEqual([command]);
    expect(fit(`mail ${'a'.repeat(40)}@example.org`, 30)).toEqual([
      'mail',
      `  ${'a'.repeat(40)}@example.org`,
    ]);
  });
});
