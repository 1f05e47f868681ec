/** How far a reading is, by what the last one came to. */
import { describe, expect, it } from 'vitest';
import { readingUpdate } from '../../src/cli/reading.ts';

const last = { identities: 1_000, profiles: 1_200 };

describe('the progress of a reading', () => {
  it('is that of both sides, against the last whole reading, so that the time left can be told', () => {
    expect(readingUpdate({ identities: 300, profiles: 500 }, last)).toEqual({
      done: 800,
      total: 2_200,
      text: 'people and profiles',
    });
    expect(readingUpdate(last, last)).toMatchObject({ done: 2_200, total: 2_200 });
  });

  it('is counted alone where there was none, or where there are more of a side by now', () => {
    expect(readingUpdate({ identities: 12, profiles: 0 }, undefined)).toEqual({
      done: 12,
      text: '12 people of the source, 0 profiles of the org',
    });
    expect(readingUpdate({ identities: 1_001, profiles: 7 }, last)).toEqual({
      done: 1_008,
      text: '1001 people of the source, 7 profiles of the org',
    });
  });
});
