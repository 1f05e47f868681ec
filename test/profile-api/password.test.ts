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
        expect(() => decodePassword(text)).toThrow(/wire form of the profile API/);
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
});
