/** What an LDAP server sends, after something has happened to it on the way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryReader } from '../../connectors/ldap/people/entries.ts';
import { settle } from '../../connectors/ldap/vendor/settings.ts';
import { BerError } from '../../connectors/ldap/wire/ber.ts';
import { FrameSplitter } from '../../connectors/ldap/wire/frames.ts';
import { decodeMessage, type LdapMessage, pagedResultsOid } from '../../connectors/ldap/wire/messages.ts';
import { sourceId } from '../builders/people.ts';
import { done, element, entry, list, message, text } from '../connectors/ldap/ber.ts';
import { ldapSource } from '../connectors/ldap/source.ts';
import { asLongAs, damaged } from './damaged.ts';

const person = entry('uid=ann,ou=people,dc=example', {
  entryUUID: ['6f1c2d3e-0000-4000-8000-000000000001'],
  objectClass: ['inetOrgPerson'],
  uid: ['ann'],
  mail: ['ann@example.com', 'Ann@Example.org'],
  cn: ['Ánn'],
  pwdAccountLockedTime: ['20260302120000Z'],
});
const reference = message(list(0x73, text('ldap://other.example/dc=x')));
const page = list(
  0x30,
  text(pagedResultsOid),
  element(0x04, list(0x30, Buffer.from([0x02, 1, 0]), text('next'))),
);
const end = message(done(0, ''), list(0xa0, page));
const intermediate = message(
  list(0x79, element(0x80, Buffer.from('1.2.3')), element(0x81, Buffer.from('x'))),
);

const stream = damaged(
  [Buffer.concat([person, person, reference, intermediate, end]), person, end],
  [
    '\x30\x84\xff\xff\xff\xff',
    '\x30\x80',
    '\x04\x00',
    '\x02\x01\x00',
    '\x31\x00',
    '__proto__',
    '1.2.840.113556.1.4.319',
    '\x0a\x05',
  ],
);

/** All messages that come out whole, and whether the rest was refused. */
function messagesOf(
  bytes: Buffer,
  cuts: readonly number[],
): { readonly messages: readonly LdapMessage[]; readonly refused: boolean } {
  const splitter = new FrameSplitter();
  const messages: LdapMessage[] = [];
  const places = cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  try {
    for (const [index, to] of [...places, bytes.length].entries())
      splitter.push(bytes.subarray(places[index - 1] ?? 0, to), (...place) =>
        messages.push(decodeMessage(...place)),
      );
    return { messages, refused: false };
  } catch (error) {
    if (!(error instanceof BerError)) throw error;
    return { messages, refused: true };
  }
}

const shape = (one: LdapMessage) =>
  one.kind === 'entry' ? [one.id, one.entry.dn, one.entry.attributes] : one;

test('is understood or refused, and the same wherever the network cuts it', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });
  fc.assert(
    fc.property(stream, cuts, (bytes, places) => {
      const whole = messagesOf(bytes, []);
      const inPieces = messagesOf(bytes, places);

      expect(inPieces.refused).toBe(whole.refused);
      expect(inPieces.messages.map(shape)).toEqual(whole.messages.map(shape));
    }),
    asLongAs(600),
  );
});

test('makes an identity, somebody unclear or somebody nameless, and nothing else', () => {
  const settings = settle(ldapSource({ url: 'ldap://127.0.0.1', baseDn: 'dc=example' }), 'openldap');
  fc.assert(
    fc.property(stream, fc.constantFrom('all' as const, ['mail', 'cn']), (bytes, wanted) => {
      const read = entryReader(sourceId('corp'), wanted, settings);
      for (const one of messagesOf(bytes, []).messages) {
        if (one.kind !== 'entry') continue;
        const outcome = read(one.entry, []);

        if (outcome.kind === 'identity') expect(outcome.identity.anchor).not.toBe('');
        if (outcome.kind === 'unclear') expect(outcome.reason).toMatch(/\.$/);
        if (outcome.kind === 'nameless') expect(outcome.skipped.reason).toMatch(/\.$/);
      }
    }),
    asLongAs(600),
  );
});
