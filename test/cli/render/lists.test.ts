import { describe, expect, it } from 'vitest';
import { plainEntry, type StoredEntry } from '../../../src/audit/index.ts';
import {
  renderAudit,
  renderCheck,
  renderOperations,
  renderRuns,
  renderStatus as renderTold,
} from '../../../src/cli/render/index.ts';
import { statusJson } from '../../../src/json/index.ts';
import { corp, now, operation, pipe, plain, run, runId, storedRun, summary, terminalOf } from './rows.ts';

describe('the list of runs', () => {
  const counts = { failed: 1, done: 4 };

  it('tells of each what it planned and what came of it', () => {
    const planned = summary({ operations: { edit: 3, deactivate: 2 }, conflicts: 1 });
    const [, line] = renderRuns([{ ...run({ summary: planned }), counts }], pipe, now);

    expect(line).toBe(
      'k3v9m2wt  corp    planned  dry run  cli:anna  3 minutes ago (2026-03-01 11:57:00Z)  2 deactivate, 3 edit; 1 in conflict (4 done, 1 failed)',
    );
  });

  it('tells why a run failed, and that a reading was incomplete', () => {
    const failed = run({ state: 'failed', summary: null, error: 'The directory is not reachable.' });
    const incomplete = run({ summary: summary({ incomplete: 'It broke off.' }) });
    const text = plain(
      renderRuns(
        [failed, incomplete].map((one) => ({ ...one, counts: {} })),
        pipe,
        now,
      ),
    );

    expect(text).toContain('The directory is not reachable.');
    expect(text).toContain('nothing to do; INCOMPLETE READING');
  });

  it('says what to do where there are none', () => {
    expect(plain(renderRuns([], pipe, now))).toContain('rollcall plan');
  });
});

describe('the list of operations', () => {
  it('tells the state, the tries and the message, and how to try again', () => {
    const failed = operation(4, { state: 'failed', attempts: 5, message: 'The server said no.' });
    const lines = renderOperations([operation(3, { hold: 'maxDeactivations' }), failed], pipe);

    expect(lines[1]).toMatch(/^k3v9m2wt\.3 +edit +person3@example\.org +held +0 /);
    expect(lines[2]).toMatch(/^k3v9m2wt\.4 +edit +person4@example\.org +failed +5 .*The server said no\.$/);
    expect(lines).toContain('  rollcall retry k3v9m2wt.4');
  });

  it('never cuts an address, however narrow the screen', () => {
    const email = `${'long.'.repeat(30)}@example.org`;

    expect(plain(renderOperations([operation(1, { email })], terminalOf(40)))).toContain(email);
    expect(plain(renderOperations([], pipe))).toBe('There are no such operations.');
  });
});

describe('the audit log', () => {
  const entry: StoredEntry = {
    seq: '12',
    at: now,
    actor: 'cli:anna',
    action: 'plan.approved',
    run_id: runId,
    operation_id: null,
    source_id: corp,
    anchor: null,
    profile_id: null,
    email: 'bob@example.org',
    reason: 'They\u001b[2J left.',
    details: {},
    prev_hash: '',
    hash: 'ab',
  };

  it('tells who did what, when, to whom and why, one line each', () => {
    expect(renderAudit([plainEntry(entry)], pipe)[1]).toBe(
      String.raw`12     2026-03-01 12:00:00Z  cli:anna  plan.approved  k3v9m2wt  bob@example.org  They\x1b[2J left.`,
    );
    expect(renderAudit([], pipe)).toEqual(['The audit log has no such entries.']);
  });
});

describe('a check', () => {
  const findings = [
    { ok: true, text: 'Connected to ldaps://dc1', mend: undefined },
    { ok: false, text: 'The base is not visible', mend: 'Check baseDn.' },
  ];

  it('marks each finding by a word, not by colour alone, with the mend below', () => {
    expect(renderCheck({ part: 'source corp', findings }, pipe)).toEqual([
      'source corp',
      '  ok  Connected to ldaps://dc1',
      '  BAD The base is not visible',
      '      Check baseDn.',
    ]);
  });
});

type StatusReport = Parameters<typeof statusJson>[0];

const renderStatus = (report: StatusReport, ...rest: [typeof pipe, Date]) =>
  renderTold(statusJson(report), ...rest);

describe('the status', () => {
  const quietSource: StatusReport['sources'][number] = {
    ...{ id: corp, lastRun: undefined, nextRun: undefined, lastGoodReadingAt: undefined },
    ...{ noticesTrouble: undefined, quarantine: undefined, pause: undefined },
  };
  const quiet: StatusReport = {
    pause: undefined,
    maintenance: { current: undefined, next: undefined },
    auditBreak: undefined,
    deafChannels: [],
    sources: [quietSource],
    queue: { queued: 0, running: 0 },
    heldPlans: [],
    failed: 0,
    services: [],
  };

  it('of a fresh installation says that nothing happens yet', () => {
    const lines = renderStatus(quiet, pipe, now);

    expect(lines).toContain('  last run           none yet');
    expect(lines).toContain('  last good reading  never');
    expect(lines).toContain('No operation has failed.');
    expect(lines.at(-1)).toMatch(/No service is running/);
  });

  it('says where the audit log is broken', () => {
    const since = new Date('2026-03-01T11:00:00Z');
    const sentence = 'Entry 4 is missing from the audit log.';
    const lines = renderStatus({ ...quiet, auditBreak: { at: 4, sentence, since } }, pipe, now);

    expect(lines.join(' ')).toMatch(/^AUDIT LOG BROKEN at entry 4, found 1 hour ago .*: Entry 4 is missing/);
  });

  it('says which channel does not take its alerts', () => {
    const since = new Date('2026-03-01T11:00:00Z');
    const deaf = { channel: 'ops', waiting: 2, since, trouble: 'hooks.slack.com answered 404.' };
    const lines = renderStatus({ ...quiet, deafChannels: [deaf] }, pipe, now);

    expect(lines.join(' ')).toMatch(
      /NOT TOLD: the channel ops has not taken 2 alerts, the oldest of 1 hour ago .*: hooks\.slack\.com answered 404\. `rollcall notify test ops`/,
    );
  });

  it('says why a source tells of no changes by itself', () => {
    const noticesTrouble = 'Graph can not reach https://rollcall.example.com/hooks/corp.';
    const sources = [{ ...quietSource, noticesTrouble }];
    const lines = renderStatus({ ...quiet, sources }, pipe, now);

    expect(lines.join(' ')).toMatch(/NO NOTICES of changes, the schedule alone: Graph can not reach/);
  });

  describe('of a process', () => {
    const since = '2026-03-01T11:50:00.000Z';
    const linesFor = (circuit: StatusReport['services'][number]['circuit']) =>
      renderStatus({ ...quiet, services: [{ ...service, circuit }] }, pipe, now);
    const service: StatusReport['services'][number] = {
      id: 's1',
      roles: 'worker',
      host: 'box',
      circuit: null,
      pid: 4711,
      started_at: new Date('2026-02-27T12:00:00Z'),
      seen_at: now,
    };

    it.each([
      'open',
      'half-open',
    ] as const)('says that the API is down for it while its circuit is %s', (kind) => {
      const lines = linesFor({ kind, since, reason: 'The connection was refused.' });

      expect(lines.at(-1)).toBe(
        '  THE PROFILE API IS DOWN for it since 10 minutes ago (2026-03-01 11:50:00Z): nothing is taken, no attempt is lost, and it is asked again and again. The connection was refused.',
      );
    });

    it('says how many operations it takes while it feels its way back', () => {
      expect(linesFor({ kind: 'warming-up', since, places: 1 }).at(-1)).toMatch(
        /^ {2}The profile API answers again since .*; 1 operation at a time for now/,
      );
      expect(linesFor({ kind: 'warming-up', since, places: 4 }).at(-1)).toContain('4 operations at a time');
    });

    it('says nothing of it where all is well', () => {
      for (const circuit of [null, { kind: 'closed' } as const])
        expect(linesFor(circuit).at(-1)).toMatch(/^Service on box/);
    });
  });

  it('tells what needs a person: a pause first, then failures and plans that wait', () => {
    const report: StatusReport = {
      pause: {
        reason: 'The API key was refused.',
        since: new Date('2026-03-01T11:00:00Z'),
        ...{ source: undefined, actor: undefined, until: undefined, leavers: 'wait' },
      },
      maintenance: { current: undefined, next: undefined },
      auditBreak: undefined,
      deafChannels: [],
      sources: [
        {
          ...quietSource,
          lastRun: storedRun({ state: 'failed', error: 'The directory is not reachable.' }),
          nextRun: { at: new Date('2026-03-01T12:05:00Z'), reading: 'delta' },
          lastGoodReadingAt: new Date('2026-03-01T10:00:00Z'),
        },
      ],
      queue: { queued: 3, running: 1 },
      heldPlans: [
        {
          id: runId,
          source: corp,
          waiting: 12,
          sentences: ['12 people would be deactivated.'],
          overtaken: 0,
          approvals: [],
          expiresAt: new Date('2026-03-02T12:00:00Z'),
        },
      ],
      failed: 2,
      services: [
        {
          id: 's1',
          roles: 'scheduler,worker',
          host: 'box',
          circuit: null,
          pid: 4711,
          started_at: new Date('2026-02-27T12:00:00Z'),
          seen_at: new Date('2026-03-01T11:59:58Z'),
        },
      ],
    };
    const lines = renderStatus(report, pipe, now);

    expect(lines[0]).toBe(
      'PAUSED since 2026-03-01 11:00:00Z (1 hour ago): The API key was refused. Nothing is carried out meanwhile.',
    );
    for (const line of [
      '  last run           k3v9m2wt failed, 3 minutes ago (2026-03-01 11:57:00Z)',
      '    The directory is not reachable.',
      '  next run           delta, in 5 minutes (2026-03-01 12:05:00Z)',
      'Queue: 3 queued, 1 running.',
      '2 operations have failed: rollcall operations --failed',
      '12 operations of plan k3v9m2wt for corp wait for approval; it expires in 1 day (2026-03-02 12:00:00Z).',
      '  12 people would be deactivated.',
      '  rollcall approve k3v9m2wt --reason "..."',
      'Service on box (process 4711: scheduler, worker), started 2 days ago (2026-02-27 12:00:00Z), heard of 2 seconds ago.',
    ]) {
      expect(lines).toContain(line);
    }
  });
});
