import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePassword, encodePassword, generatePassword } from '../../src/profile-api/password.ts';

/** The two samples of the API's reference. */
const sample = {
  password:
    'ZDk5NjMwYmNjNzA1ODYzOWU3ZTgwZGYyMzlmMzhhMzI6OlUyRnNkR1ZrWDEvc0Jlb1BwcVYxcGViUWlucHFDTG1DdUlUanVMYWtzb1U9',
  confirm_password:
    'ZDk5NjMwYmNjNzA1ODYzOWU3ZTgwZGYyMzlmMzhhMzI6OlUyRnNkR1ZrWDEvTUJhSkp2bENBQWlKdHBUOHVQY1ErdmZ6dnRhMkowMDg9',
};

const openssl = (args: readonly string[], input: string) =>
  execFileSync('openssl', ['enc', '-aes-256-cbc', '-md', 'md5', '-a', '-A', ...args], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });

const partsOf = (encoded: string) => {
  const [key = '', sealed = ''] = Buffer.from(encoded, 'base64').toString('latin1').split('::');
  return { key, sealed, salt: Buffer.from(sealed, 'base64').subarray(8, 16).toString('hex') };
};

const notWireForm = 'This is not a password in the wire form of the profile API.';

describe('the password on the wire', () => {
  it("reads both samples of the API's reference as the same password of nine characters", () => {
    const password = decodePassword(sample.password);

    expect(password).toHaveLength(9);
    expect(decodePassword(sample.confirm_password)).toBe(password);
  });

  it('brings back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (password) => {
        const encoded = encodePassword(password);

        expect(decodePassword(encoded.password)).toBe(password);
        expect(decodePassword(encoded.confirm_password)).toBe(password);
      }),
    );
  });

  it('is read by openssl', () => {
    const { key, sealed } = partsOf(encodePassword('Grüße, 世界 🔑').password);

    expect(openssl(['-d', '-k', key], sealed)).toBe('Grüße, 世界 🔑');
  });

  it('reads what openssl makes', () => {
    const key = '00112233445566778899aabbccddeeff';
    const sealed = openssl(['-k', key], 'made elsewhere');

    const encoded = Buffer.from(`${key}::${sealed.trim()}`).toString('base64');

    expect(decodePassword(encoded)).toBe('made elsewhere');
  });

  it('shares a random key between password and confirmation, with salts of their own', () => {
    const first = encodePassword('the same');
    const second = encodePassword('the same');

    const [password, confirmation, other] = [first.password, first.confirm_password, second.password].map(
      partsOf,
    );

    expect(password?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(confirmation?.key).toBe(password?.key);
    expect(confirmation?.salt).not.toBe(password?.salt);
    expect(other?.key).not.toBe(password?.key);
  });

  it('refuses what is not in that form, without repeating it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodePassword(text)).toThrow(notWireForm);
      }),
    );
  });

  it.each([
    ['a longer key', (key: string, sealed: Buffer) => [`0${key}`, sealed]],
    ['a key that goes on', (key: string, sealed: Buffer) => [`${key}0`, sealed]],
    ['a key that is not hexadecimal', (key: string, sealed: Buffer) => [key.replace(/.$/, 'g'), sealed]],
    ['nothing sealed', (key: string) => [key, Buffer.alloc(0)]],
    ['no mark of the salt', (key: string, sealed: Buffer) => [key, sealed.subarray(8)]],
    ['a part too many', (key: string, sealed: Buffer) => [key, sealed, 'more']],
  ])('refuses a text with %s', (_fault, spoil) => {
    fc.assert(
      fc.property(fc.string(), (password) => {
        const { key, sealed } = partsOf(encodePassword(password).password);
        const parts = spoil(key, Buffer.from(sealed, 'base64'));
        const text = parts
          .map((part) => (typeof part === 'string' ? part : part.toString('base64')))
          .join('::');

        expect(() => decodePassword(Buffer.from(text).toString('base64'))).toThrow(notWireForm);
      }),
    );
  });

  it('tells that a sealed text is damaged, without repeating it', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 15 }), (password, missing) => {
        const { key, sealed } = partsOf(encodePassword(password).password);
        const cut = Buffer.from(sealed, 'base64').subarray(0, -missing).toString('base64');

        expect(() => decodePassword(Buffer.from(`${key}::${cut}`).toString('base64'))).toThrow(
          'This password in the wire form of the profile API is damaged: it does not decrypt.',
        );
      }),
    );
  });
});

describe('a generated password', () => {
  it('is long, has all classes of characters, and is another one each time', () => {
    const passwords = Array.from({ length: 200 }, () => generatePassword());

    for (const password of passwords) {
      expect(password).toHaveLength(24);
      for (const kind of [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
    }
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it('uses no character that is easily taken for another, nor a space or quote', () => {
    const used = new Set(Array.from({ length: 500 }, () => [...generatePassword()]).flat());

    expect([...used].sort().join('')).toBe(
      '!#$%*+-23456789=?@ABCDEFGHJKLMNPQRSTUVWXYZ_abcdefghijkmnopqrstuvwxyz',
    );
  });
});
