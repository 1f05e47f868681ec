import { describe, expect, it } from 'vitest';
import { planJson, statusJson } from '../../src/json/index.ts';
import { corp, now, runId, storedFinding, storedOperation, storedRun } from '../cli/render/rows.ts';

describe('the JSON of a plan', () => {
  const document = planJson({
    run: storedRun({ planned_at: now }),
    operations: [storedOperation(1, { before: { title: null }, after: { title: 'x', bio: '' } })],
    findings: [storedFinding()],
  });

  it('has camelCase keys, ISO times, and null for what is not there', () => {
    expect(document.run).toMatchObject({ id: runId, plannedAt: now.toISOString(), endedAt: null });
    expect(document.operations[0]).toMatchObject({
      run: runId,
      profileId: null,
      createdAt: now.toISOString(),
    });
    expect(document.findings[0]).toMatchObject({ kind: 'conflict', email: 'karl@example.org' });
    expect(JSON.stringify({ ...document, operations: [] })).not.toMatch(/"[a-z]+_[a-z]+":/);
  });

  it('has attributes in a stable order', () => {
    expect(JSON.stringify(document.operations[0]?.after)).toBe('{"bio":"","title":"x"}');
  });

  it('keeps leases and other inner matters to itself', () => {
    expect(JSON.stringify(document)).not.toMatch(/lease|dispatch|intent/i);
  });
});

describe('the JSON of the status', () => {
  it('has null for what is not known', () => {
    const document = statusJson({
      pause: undefined,
      maintenance: { current: undefined, next: undefined },
      auditBreak: undefined,
      deafChannels: [],
      sources: [
        {
          id: corp,
          lastRun: storedRun(),
          nextRun: undefined,
          lastGoodReadingAt: now,
          noticesTrouble: undefined,
          quarantine: undefined,
          pause: undefined,
        },
      ],
      queue: { queued: 1, running: 0 },
      heldPlans: [
        {
          id: runId,
          source: corp,
          waiting: 1,
          sentences: [],
          overtaken: 0,
          approvals: [],
          expiresAt: undefined,
        },
      ],
      failed: 0,
      services: [],
    });

    expect(document).toMatchObject({
      pause: null,
      sources: [{ id: corp, lastRun: { id: runId }, nextRunAt: null, lastGoodReadingAt: now.toISOString() }],
      heldPlans: [{ id: runId, expiresAt: null }],
    });
  });
});
