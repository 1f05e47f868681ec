import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/profile-api/answer.ts';
import { classifyFailure, type RequestFailure } from '../../src/profile-api/classify-failure.ts';

const classify = (effect: Effect, failure: Partial<RequestFailure>, secrets: readonly string[] = []) =>
  classifyFailure(
    { what: 'do a thing', url: 'https://org.test/x/', effect },
    {
      code: 'ECONNRESET',
      syscall: undefined,
      message: 'lost',
      wasConnected: true,
      timedOutAfterMs: undefined,
      ...failure,
    },
    secrets,
  );

describe('a request without a whole answer', () => {
  it('is an unknown outcome for any write on a connection that stood, except where TLS or connecting failed', () => {
    const codes = fc.constantFrom('ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO', 'ERR_STREAM_PREMATURE_CLOSE');
    fc.assert(
      fc.property(codes, fc.option(fc.nat(), { nil: undefined }), (code, timedOutAfterMs) => {
        const { answer } = classify('write', { code, timedOutAfterMs });

        expect(answer.kind).toBe('unknown-outcome');
      }),
    );
  });

  it('may always be tried again where no connection stood, or where it was a read', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (code, wasConnected) => {
        expect(classify('read', { code, wasConnected }).answer.kind).toBe('retry-later');
        expect(classify('write', { code, wasConnected: false }).answer.kind).toBe('retry-later');
      }),
    );
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_REVOKED',
  ])('was not sent where the certificate is refused: %s', (code) => {
    expect(classify('write', { code }).answer).toMatchObject({ kind: 'retry-later', reason: 'certificate' });
  });

  it('was not sent where connecting failed', () => {
    const failure = { code: 'ETIMEDOUT', syscall: 'connect' };

    expect(classify('write', failure).answer).toMatchObject({ kind: 'retry-later', reason: 'unreachable' });
  });

  it('is told in one line, without secrets', () => {
    const { message } = classify('write', { message: 'broke\nwith k3y in it' }, ['k3y']);

    expect(message).toMatch(/^Could not do a thing at https:\/\/org\.test\/x\/ \(ECONNRESET: .+\)\. .+\.$/);
    expect(message).toContain('broke with [secret] in it');
  });
});
