/** The LDIF reader, and what becomes of what it reads, on files that something has happened to. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEntryReader } from '../../connectors/ldif/identity.ts';
import { createLdifParser } from '../../connectors/ldif/parser.ts';
import type { LdifItem } from '../../connectors/ldif/record.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { ldifSource } from '../builders/ldif-source.ts';
import { rules } from '../builders/rules.ts';
import { noon } from '../builders/run.ts';
import { asLongAs, damaged } from './damaged.ts';

const search =
  '# extended LDIF\nversion: 1\n\ndn:: dWlkPWE=\nobjectClass: person\nentryUUID: 1\nmail: a@b.example\ncn: A\n  long\n\n# search result\nsearch: 2\nresult: 0 Success\n';
const file = damaged(
  [toLdif(sampleDirectory({ people: 4 })), search],
  [
    'dn: ',
    'dn:: ',
    '\n\n',
    '\n ',
    ':',
    '::',
    ':< file:///etc/passwd',
    '#',
    'changetype: modify',
    'result: 4 x',
    '__proto__: x',
    'objectClass: person',
  ],
);

/** @param cuts - where the network cuts it, as shares of its length */
function itemsOf(bytes: Buffer, cuts: readonly number[]): readonly LdifItem[] {
  const parser = createLdifParser({ maxEntrySize: 100_000 });
  const places = cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  const pieces = [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

test('damage is told in sentences, wherever the file is cut into pieces', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
  fc.assert(
    fc.property(file, cuts, (bytes, places) => {
      const items = itemsOf(bytes, places);

      expect(items).toEqual(itemsOf(bytes, []));
      for (const item of items) if (item.kind !== 'entry') expect(item.reason).toMatch(/\S/);
    }),
    asLongAs(400),
  );
});

test('whatever an entry holds, it is somebody, nobody, or left out with a reason', () => {
  const judging = rules({
    scope: '!has(user.title) || user.title.size() < 40',
    mapping: { email: 'mail', name: 'user.cn + ""' },
  });
  fc.assert(
    fc.property(file, (bytes) => {
      const reader = createEntryReader(ldifSource(), 'all');
      for (const item of itemsOf(bytes, [])) {
        if (item.kind !== 'entry') continue;
        const read = reader.read(item);
        if (read.kind === 'skipped') expect(read.record.reason).toMatch(/\.$/);
        if (read.kind !== 'person') continue;
        const person = judging.judge(read.identity, noon);
        if (person.kind !== 'member') expect(person.reason).toMatch(/\.$/);
        else expect(JSON.parse(JSON.stringify(person.desired))).toEqual(person.desired);
      }
    }),
    asLongAs(400),
  );
});
