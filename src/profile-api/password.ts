/**
 * The form in which the profile API takes passwords, worked out from the two samples in its reference:
 *
 *     base64( K + "::" + base64( "Salted__" + salt(8 bytes) + AES-256-CBC(password) ) )
 *
 * `K` is 32 hexadecimal characters and the passphrase of OpenSSL's EVP_BytesToKey (MD5, one round), which is
 * what `openssl enc -aes-256-cbc -md md5 -a` makes. It obscures and does not protect: the key travels with
 * the text. TLS protects.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hash, randomBytes, randomInt } from 'node:crypto';

const magic = Buffer.from('Salted__');
const passphraseLength = 16;
const saltLength = 8;
const keyLength = 32;
const ivLength = 16;

/** Both password fields of a new user, as they go on the wire. */
export interface EncodedPassword {
  readonly password: string;
  readonly confirm_password: string;
}

/** A new password and its confirmation: one random `K`, a random salt each. */
export function encodePassword(password: string): EncodedPassword {
  // Drawn at once: each draw costs as much as a cipher.
  const random = randomBytes(passphraseLength + 2 * saltLength);
  const passphrase = random.toString('hex', 0, passphraseLength);
  const salts = random.subarray(passphraseLength);
  return {
    password: encodeOne(password, passphrase, salts.subarray(0, saltLength)),
    confirm_password: encodeOne(password, passphrase, salts.subarray(saltLength)),
  };
}

/**
 * The password in a wire form; for tests and the sandbox.
 * @throws {Error} when the text is not such a form. The message holds nothing of the text
 */
export function decodePassword(encoded: string): string {
  const [passphrase = '', ciphertext = '', ...rest] = Buffer.from(encoded, 'base64')
    .toString('latin1')
    .split('::');
  const sealed = Buffer.from(ciphertext, 'base64');
  const isWireForm =
    /^[0-9a-f]{32}$/i.test(passphrase) && rest.length === 0 && sealed.subarray(0, magic.length).equals(magic);
  if (!isWireForm) throw new Error('This is not a password in the wire form of the profile API.');
  const salt = sealed.subarray(magic.length, magic.length + saltLength);
  const { key, iv } = deriveKey(passphrase, salt);
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(magic.length + saltLength)),
      decipher.final(),
    ]).toString('utf8');
  } catch {
    throw new Error('This password in the wire form of the profile API is damaged: it does not decrypt.');
  }
}

const characterClasses = [
  'ABCDEFGHJKLMNPQRSTUVWXYZ',
  'abcdefghijkmnopqrstuvwxyz',
  '23456789',
  '!#$%*+-=?@_',
] as const;

/** A random password of 24 characters with upper and lower case, digits and signs. Never store, log or show it. */
export function generatePassword(): string {
  const everything = characterClasses.join('');
  const oneOfEach = characterClasses.map((characters) => pick(characters));
  const others = Array.from({ length: 24 - oneOfEach.length }, () => pick(everything));
  return shuffle([...oneOfEach, ...others]).join('');
}

function encodeOne(password: string, passphrase: string, salt: Uint8Array): string {
  const { key, iv } = deriveKey(passphrase, salt);
  // Node takes three times as long where it has to find out what kind of key some bytes are.
  const cipher = createCipheriv('aes-256-cbc', createSecretKey(key), iv);
  const sealed = Buffer.concat([magic, salt, cipher.update(password), cipher.final()]);
  return Buffer.from(`${passphrase}::${sealed.toString('base64')}`).toString('base64');
}

/** EVP_BytesToKey with MD5 and one round, as in OpenSSL's `enc` before 1.1. */
function deriveKey(passphrase: string, salt: Uint8Array): { key: Buffer; iv: Buffer } {
  let derived = Buffer.alloc(0);
  let block = Buffer.alloc(0);
  while (derived.length < keyLength + ivLength) {
    block = hash('md5', Buffer.concat([block, Buffer.from(passphrase), salt]), 'buffer');
    derived = Buffer.concat([derived, block]);
  }
  return { key: derived.subarray(0, keyLength), iv: derived.subarray(keyLength, keyLength + ivLength) };
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

/** Fisher-Yates, with unpredictable numbers. */
function shuffle(characters: readonly string[]): string[] {
  const rest = [...characters];
  const shuffled: string[] = [];
  while (rest.length > 0) shuffled.push(...rest.splice(randomInt(rest.length), 1));
  return shuffled;
}
