import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../src/execute/classify.ts';
import { type ProfileApiAnswer, ProfileApiError } from '../../src/profile-api/index.ts';

type Bare<Answer> = Answer extends unknown ? Omit<Answer, 'status' | 'sentence'> : never;

const failed = (answer: Bare<ProfileApiAnswer>): ProfileApiError =>
  new ProfileApiError({
    answer: { status: undefined, sentence: undefined, ...answer } as ProfileApiAnswer,
    message: 'Could not do it.',
  });

const outcome = (answer: Bare<ProfileApiAnswer>, timeoutMs = 30_000) => outcomeOf(failed(answer), timeoutMs);

const again = {
  kind: 'again',
  message: 'Could not do it.',
  afterMs: undefined,
  countsAsAttempt: true,
  mayHaveHappened: false,
} as const;

describe('what a failed try means', () => {
  test.each([
    ['a refused key stops everything', 'refused', 'stop'],
    ['an org without a seat is no fault of the person', 'licence-full', 'licence-full'],
    ['a bad record fails alone', 'bad-record', 'failed'],
    ['a profile that is not there fails alone', 'not-found', 'failed'],
  ] as const)('%s', (_, kind, expected) => {
    expect(outcome({ kind })).toEqual({ kind: expected, message: 'Could not do it.' });
  });

  test('a rate limit is no try of the operation, and is waited out for as long as the server says', () => {
    expect(outcome({ kind: 'retry-later', reason: 'rate-limited', retryAfterMs: 7_000 })).toEqual({
      ...again,
      afterMs: 7_000,
      countsAsAttempt: false,
    });
  });

  test.each([
    'server-error',
    'timeout',
    'connection',
    'unreachable',
    'certificate',
  ] as const)('where nothing happened (%s), it is tried again without looking', (reason) => {
    expect(outcome({ kind: 'retry-later', reason, retryAfterMs: 5 })).toEqual({ ...again, afterMs: 5 });
  });

  test.each([
    'server-error',
    'connection',
  ] as const)('an unknown outcome (%s) is looked at before it is tried again', (reason) => {
    expect(outcome({ kind: 'unknown-outcome', reason, retryAfterMs: undefined })).toEqual({
      ...again,
      mayHaveHappened: true,
    });
  });

  test.each([
    [undefined, 30_000],
    [1_000, 30_000],
    [90_000, 90_000],
  ])('after a time-out the server may be at it still: Retry-After %s, wait %i', (retryAfterMs, afterMs) => {
    expect(outcome({ kind: 'unknown-outcome', reason: 'timeout', retryAfterMs })).toEqual({
      ...again,
      afterMs,
      mayHaveHappened: true,
    });
  });

  test.each([
    true,
    false,
  ])('something that is not the profile API is tried again; may have happened: %s', (mayHaveHappened) => {
    expect(outcome({ kind: 'not-understood', mayHaveHappened })).toEqual({ ...again, mayHaveHappened });
  });

  test('whatever is unforeseen may have happened: nothing is done twice on a guess', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (thrown, message) => {
        const plain = fc.stringify(thrown);
        for (const error of [new Error(message), new TypeError(message), plain])
          expect(outcomeOf(error, 1)).toMatchObject({
            kind: 'again',
            countsAsAttempt: true,
            mayHaveHappened: true,
          });
      }),
    );
  });
});
