/** The table from an HTTP answer to what it means. Pure: no clock, no I/O. */
import type { Asked, ProfileApiAnswer, Verdict } from './answer.ts';
import { type Body, isRecord } from './json-body.ts';
import { readRetryAfter } from './retry-after.ts';
import { readServerSentence, type ServerSentence, tidy } from './server-sentence.ts';

/** A whole HTTP answer. */
export interface HttpAnswer {
  readonly status: number;
  /** Header fields that matter, by name in lower case. */
  readonly headers: Readonly<Partial<Record<'retry-after' | 'date' | 'location', string | undefined>>>;
  readonly body: Body;
}

/**
 * What an answer means, or `undefined` where it is a success.
 *
 * A 5xx to a write is an unknown outcome: a gateway may have lost the answer of a server that did the work, and a
 * server may have failed after it. HTML is never taken for the API's word: a 404 page comes from a wrong address.
 * @param secrets texts that must not come up in the result: the key, passwords
 * @param now milliseconds since 1970
 */
export function classifyAnswer(
  asked: Asked,
  answer: HttpAnswer,
  secrets: readonly string[],
  now: number,
): Verdict | undefined {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (isSuccess && !isDoubtful(asked, answer.body)) return undefined;
  const sentence = readServerSentence(answer.body, secrets);
  if (isSuccess) return classifyDoubtful(asked, answer, sentence);

  const seen = { status: answer.status, sentence: sentence?.text };
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], answer.headers.date, now);
  const verdict = (given: ProfileApiAnswer, meaning: string): Verdict => ({
    answer: given,
    message: describe(asked, answer.status, seen.sentence, meaning),
  });

  if (answer.status === 429) {
    return verdict(
      { ...seen, kind: 'retry-later', reason: 'rate-limited', retryAfterMs },
      'It wants fewer requests. This is tried again later; lower profileApi.rateLimit if it goes on.',
    );
  }
  if (answer.status === 408 || answer.status === 425) {
    return verdict(
      { ...seen, kind: 'retry-later', reason: 'timeout', retryAfterMs },
      'Nothing was done. This is tried again later.',
    );
  }
  if (answer.status >= 500) {
    return asked.effect === 'write'
      ? verdict(
          { ...seen, kind: 'unknown-outcome', reason: 'server-error', retryAfterMs },
          'It may or may not have been carried out. Look at the profile before it is tried again.',
        )
      : verdict(
          { ...seen, kind: 'retry-later', reason: 'server-error', retryAfterMs },
          'The server has a problem of its own. This is tried again later.',
        );
  }
  if (answer.status >= 300 && answer.status < 400) {
    const location = answer.headers.location;
    const where = location === undefined ? 'elsewhere' : `to ${tidy(location, secrets)}`;
    // A form is answered with "found" or "see other" after it was taken, and also when it wants a sign-in first.
    const mayHaveHappened = asked.effect === 'write' && [302, 303].includes(answer.status);
    return verdict(
      { ...seen, kind: 'not-understood', mayHaveHappened },
      `It redirects ${where}, which is not followed, so that the key goes nowhere else. Set profileApi.url to the address that answers itself; a redirect to a sign-in page means that the key is not accepted.`,
    );
  }
  if (asked.effect === 'write' && isAboutLicence(answer.status, sentence)) {
    return verdict(
      { ...seen, kind: 'licence-full' },
      'The org has no licence left for another user. Free or buy licences; the next run tries again.',
    );
  }
  return classifyClientError(answer, seen, verdict);
}

function classifyClientError(
  answer: HttpAnswer,
  seen: { readonly status: number; readonly sentence: string | undefined },
  verdict: (given: ProfileApiAnswer, meaning: string) => Verdict,
): Verdict {
  switch (answer.status) {
    case 401:
      return verdict(
        { ...seen, kind: 'refused' },
        'The API key is not accepted. Check profileApi.apiKey, and whether this server wants profileApi.authScheme: ApiKey.',
      );
    case 402:
    case 403:
    case 407:
      return verdict(
        { ...seen, kind: 'refused' },
        'The API key is not permitted to do this. Give its account the rights to manage users.',
      );
    case 404:
    case 410:
      return answer.body.kind === 'html'
        ? verdict(
            { ...seen, kind: 'not-understood', mayHaveHappened: false },
            'A web page says so, not the profile API. Check profileApi.url.',
          )
        : verdict({ ...seen, kind: 'not-found' }, 'There is no such profile, or profileApi.url is wrong.');
    case 405:
    case 406:
    case 415:
    case 421:
    case 426:
      return verdict(
        { ...seen, kind: 'not-understood', mayHaveHappened: false },
        'The profile API would not say so. Check profileApi.url.',
      );
    default:
      return verdict(
        { ...seen, kind: 'bad-record' },
        'The server does not take what was sent. Correct the record at its source, or the mapping, and retry.',
      );
  }
}

/** A 2xx can still be no success: a page of a proxy, cut-off JSON, or `{"status": "error"}`. */
const isDoubtful = (asked: Asked, body: Body): boolean =>
  body.kind === 'html' ||
  body.kind === 'garbage' ||
  (asked.effect === 'write' && asked.isReport !== true && saysFailure(body));

function classifyDoubtful(asked: Asked, answer: HttpAnswer, sentence: ServerSentence | undefined): Verdict {
  const { body, status } = answer;
  if (body.kind === 'html' || body.kind === 'garbage') {
    const what = body.kind === 'html' ? 'a web page' : 'something that is not JSON';
    return {
      answer: {
        kind: 'not-understood',
        status,
        sentence: sentence?.text,
        mayHaveHappened: asked.effect === 'write',
      },
      message: describe(
        asked,
        status,
        sentence?.text,
        `The answer is ${what}, so something other than the profile API answers there: a sign-in page, a proxy. Check profileApi.url.`,
      ),
    };
  }
  const kind = isAboutLicence(400, sentence) ? 'licence-full' : 'bad-record';
  return {
    answer: { kind, status, sentence: sentence?.text },
    message: describe(
      asked,
      status,
      sentence?.text,
      'The answer itself says that it failed. Correct the record at its source, or the mapping, and retry.',
    ),
  };
}

/** `{"status": "error"}`; a profile may have a `status` of its own, so one with a `profile_id` is none of these. */
function saysFailure(body: Body): boolean {
  if (body.kind !== 'json' || !isRecord(body.value) || 'profile_id' in body.value) return false;
  const { status, success } = body.value;
  return success === false || (typeof status === 'string' && /^(error|fail(ed|ure)?)$/i.test(status));
}

/** By the server's sentence about the request as a whole; a field called `licence` or an address with it is not it. */
function isAboutLicence(status: number, sentence: ServerSentence | undefined): boolean {
  if (![400, 402, 403, 409, 422].includes(status) || sentence?.about !== 'general') return false;
  return saysLicenceFull(sentence.text);
}

/** Whether a complaint is that the org has no seat left. */
export function saysLicenceFull(complaint: string): boolean {
  const text = complaint.replace(/\S+@\S+/g, '');
  return /\blicen[cs](e|es|ed|ing)\b|\buser limit\b|\bmaximum number of users\b/i.test(text);
}

function describe(asked: Asked, status: number, sentence: string | undefined, meaning: string): string {
  const said = sentence === undefined ? `answered ${status}.` : `answered ${status}, "${sentence}".`;
  return `Could not ${asked.what} at ${asked.url}: the server ${said} ${meaning}`;
}
