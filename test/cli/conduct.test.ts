/** How far a reading is, by what the last one came to. */
import { describe, expect, it } from 'vitest';
import { inWords } from '../../src/cli/conduct.ts';

const last = { identities: 1_000, profiles: 1_200 };

describe('the progress of a reading', () => {
  it('is counted against the last whole reading, so that the time left can be told', () => {
    expect(inWords({ stage: 'org', profiles: 300 }, last)).toEqual({
      done: 300,
      total: 1_200,
      text: 'profiles of the org',
    });
    expect(inWords({ stage: 'source', identities: 1_000 }, last)).toMatchObject({
      done: 1_000,
      total: 1_000,
    });
  });

  it('is counted alone where there was none, or where there are more by now', () => {
    expect(inWords({ stage: 'source', identities: 12 }, undefined)).toEqual({
      done: 12,
      text: '12 people of the source',
    });
    expect(inWords({ stage: 'source', identities: 1_001 }, last)).toEqual({
      done: 1_001,
      text: '1001 people of the source',
    });
  });
});
