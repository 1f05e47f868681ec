/** The org's user list, after something has happened to a page of it: it is read to its end, or said not to be whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProfileApiError } from '../../src/profile-api/answer.ts';
import { client, serve, wireProfile } from '../profile-api/test-server.ts';
import { asLongAs, damaged, jsonMarks } from './damaged.ts';

const pageSize = 3;
const everybody = Array.from({ length: 7 }, (_, index) => wireProfile(index + 1));
const pageOf = (number: number): string =>
  JSON.stringify({
    count: everybody.length,
    results: everybody.slice((number - 1) * pageSize, number * pageSize),
  });

const page = fc.integer({ min: 1, max: 3 }).chain((number) =>
  fc.record({
    number: fc.constant(number),
    bytes: damaged(
      [pageOf(number)],
      [...jsonMarks, '"profile_id"', '"is_active"', '"count":', '"results":[]', '"__proto__":{}', '<html>'],
    ),
  }),
);

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim());
    return true;
  } catch {
    return false;
  }
}

test('nobody is missing of a list that is said to be whole', async () => {
  let broken: { readonly number: number; readonly bytes: Buffer } = { number: 0, bytes: Buffer.alloc(0) };
  const server = await serve(({ url }) => {
    if (url.pathname.endsWith('/getmyprofile/')) return { body: wireProfile(0) };
    const number = Number(url.searchParams.get('page'));
    return (response) => response.end(number === broken.number ? broken.bytes : pageOf(number));
  });
  const api = client(server.url, { pageSize, rateLimit: { max: 1_000_000, per: 1_000 } });

  await fc.assert(
    fc.asyncProperty(page, async (one) => {
      broken = one;
      const seen = new Set<string>();
      let unreadable = 0;
      let isWhole = false;
      try {
        for await (const event of api.listProfiles({})) {
          if (event.kind === 'end') {
            expect(event.settled && !isJson(one.bytes)).toBe(false);
            isWhole = event.settled && event.counted;
          } else {
            for (const { profileId } of event.profiles) seen.add(profileId);
            unreadable += event.unreadable.length;
          }
        }
      } catch (error) {
        if (!(error instanceof ProfileApiError)) throw error;
        expect(error.message).toMatch(/\S/);
      }
      // Whoever damages the count and the list alike makes another list, which is as good as any.
      if (isWhole && one.bytes.toString().includes(`"count":${everybody.length}`))
        expect(seen.size + unreadable).toBeGreaterThanOrEqual(everybody.length);
    }),
    asLongAs(200),
  );
});
