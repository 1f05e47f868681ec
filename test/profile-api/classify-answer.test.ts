import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked, Effect } from '../../src/profile-api/answer.ts';
import { classifyAnswer, type HttpAnswer } from '../../src/profile-api/classify-answer.ts';
import { readBody } from '../../src/profile-api/json-body.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

const asked = (effect: Effect): Asked => ({ what: 'do a thing', url: 'https://org.test/x/', effect });

const body = (value: unknown) =>
  readBody(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));

const classify = (
  status: number,
  value: unknown = '',
  effect: Effect = 'write',
  headers: HttpAnswer['headers'] = {},
  secrets: readonly string[] = [],
) => classifyAnswer(asked(effect), { status, headers, body: body(value) }, secrets, now);

const kindOf = (...args: Parameters<typeof classify>) => classify(...args)?.answer.kind;

describe('an answer of the profile API', () => {
  it('of 429 is tried again later, after the seconds or at the date that it names', () => {
    const seconds = classify(429, '', 'write', { 'retry-after': '7' })?.answer;
    const date = classify(429, '', 'write', { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' })?.answer;

    expect(seconds).toMatchObject({ kind: 'retry-later', reason: 'rate-limited', retryAfterMs: 7_000 });
    expect(date).toMatchObject({ kind: 'retry-later', retryAfterMs: 30_000 });
  });

  it("counts a Retry-After date from the server's clock, which may be wrong", () => {
    const headers = {
      'retry-after': 'Sun, 01 Mar 2026 09:00:30 GMT',
      date: 'Sun, 01 Mar 2026 09:00:00 GMT',
    };

    expect(classify(429, '', 'write', headers)?.answer).toMatchObject({ retryAfterMs: 30_000 });
  });

  it('never asks for a wait below zero, above a day, or of no number, whatever Retry-After says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (text) => {
        const answer = classify(429, '', 'read', { 'retry-after': text })?.answer;

        const wait = answer?.kind === 'retry-later' ? (answer.retryAfterMs ?? 0) : Number.NaN;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });

  it('of 5xx leaves the outcome of a write unknown, and a read to be tried again', () => {
    for (const status of [500, 502, 503, 504]) {
      expect(kindOf(status, '<h1>Bad gateway</h1>', 'write')).toBe('unknown-outcome');
      expect(kindOf(status, '<h1>Bad gateway</h1>', 'read')).toBe('retry-later');
    }
  });

  it('of 401 and 403 stops everything', () => {
    expect(classify(401, { error: 'Invalid API key.' })).toMatchObject({
      answer: { kind: 'refused', sentence: 'Invalid API key.' },
      message: expect.stringContaining('profileApi.apiKey'),
    });
    expect(kindOf(403)).toBe('refused');
  });

  it.each([
    [400, 'Licence limit reached.'],
    [402, 'No licenses left'],
    [403, 'User license exceeded'],
    [409, 'The licensed number of users is reached'],
    [422, 'User limit reached'],
  ])('of %i with "%s" says that the licence is full, to a write', (status, error) => {
    expect(kindOf(status, { error })).toBe('licence-full');
    expect(kindOf(status, { error }, 'read')).not.toBe('licence-full');
  });

  it('does not take a field or an address called licence for a full licence', () => {
    expect(kindOf(400, { licence: ['Not a valid choice.'] })).toBe('bad-record');
    expect(kindOf(409, { error: 'licence@example.com exists already.' })).toBe('bad-record');
  });

  it.each([
    [{ error: 'Please provide username.' }, 'Please provide username.'],
    [{ message: 'No.' }, 'No.'],
    [{ status: 'error', detail: 'Not so.' }, 'Not so.'],
    [{ email: ['Enter a valid address.', 'Too long.'] }, 'email: Enter a valid address. Too long.'],
    [{ email: ['Taken.'], role: ['Unknown.'] }, 'email: Taken.; role: Unknown.'],
    [{ non_field_errors: ['Both are needed.'] }, 'Both are needed.'],
    [{ errors: { phone: 'Digits only.' } }, 'phone: Digits only.'],
    [{ errors: [{ message: 'Deep.' }] }, 'message: Deep.'],
    [['Plain list.'], 'Plain list.'],
    ['"Just text"', 'Just text'],
  ])('of 400 fails this record with the sentence in %j', (value, sentence) => {
    expect(classify(400, value)?.answer).toMatchObject({ kind: 'bad-record', sentence });
  });

  it('of 404 is no such profile where the API says so, and a wrong address where a web page does', () => {
    expect(kindOf(404, { detail: 'Not found.' })).toBe('not-found');
    expect(kindOf(404, '<!doctype html><title>Not Found</title>')).toBe('not-understood');
  });

  it('of 3xx is not followed, and names where it would have led', () => {
    const verdict = classify(302, '', 'write', { location: 'https://login.test/?next=/' });

    expect(verdict?.answer).toMatchObject({ kind: 'not-understood', mayHaveHappened: true });
    expect(verdict?.message).toContain('https://login.test/?next=/');
    expect(classify(301)?.answer).toMatchObject({ mayHaveHappened: false });
  });

  it('of 200 with a web page or cut-off JSON is not understood, and a write may have happened', () => {
    for (const text of ['<html><title>Sign in</title></html>', '{"status": "succ']) {
      expect(classify(200, text)?.answer).toMatchObject({ kind: 'not-understood', mayHaveHappened: true });
      expect(classify(200, text, 'read')?.answer).toMatchObject({ mayHaveHappened: false });
    }
  });

  it('of 2xx is a success, except where the body itself says that a write failed', () => {
    expect(classify(204)).toBeUndefined();
    expect(classify(201, { status: 'success', user_id: 20 })).toBeUndefined();
    expect(classify(200, { profile_id: 'p', status: 'failed' })).toBeUndefined();
    expect(classify(200, { status: 'error', message: 'Bad role.' })?.answer).toMatchObject({
      kind: 'bad-record',
      sentence: 'Bad role.',
    });
    expect(kindOf(200, { success: false, message: 'No license left.' })).toBe('licence-full');
  });

  it('has one line without control characters and of a sane length for a sentence, whatever the server says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary', maxLength: 2_000 }).map((error) => JSON.stringify({ error })),
        ),
        fc.constantFrom<Effect>('read', 'write'),
        (status, text, effect) => {
          const verdict = classify(status, text, effect);

          expect(verdict).toBeDefined();
          expect(verdict?.message).toMatch(/^Could not do a thing at https:\/\/org\.test\/x\/: .+\.$/u);
          expect(verdict?.answer.sentence ?? 'x').toMatch(/^[^\p{Cc}]{1,300}$/u);
        },
      ),
    );
  });

  it('never repeats a secret that the server echoes', () => {
    const verdict = classify(400, { error: 'Key k3y-value and k3y are bad.' }, 'write', {}, [
      'k3y',
      'k3y-value',
    ]);

    expect(verdict?.answer.sentence).toBe('Key [secret] and [secret] are bad.');
    expect(verdict?.message).not.toContain('k3y');
  });
});
