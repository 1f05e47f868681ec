/**
 * Reads a password as it travels: `base64(K + "::" + base64("Salted__" + salt + AES-256-CBC(password)))`. `K` is 32 hexadecimal
 * characters; key and IV come from OpenSSL's EVP_BytesToKey with MD5, one round. Worked out from the API reference's two samples.
 */
import { createDecipheriv, createSecretKey, hash } from 'node:crypto';

const outerShape = /^([0-9a-f]{32})::([A-Za-z0-9+/]+={0,2})$/i;
const saltedPrefix = Buffer.from('Salted__');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The password in clear, or undefined where the text is not encoded as it has to be. */
export function decodeWirePassword(text: string): string | undefined {
  const outer = outerShape.exec(Buffer.from(text, 'base64').toString('latin1'));
  const [, passphrase, inner] = outer ?? [];
  if (passphrase === undefined || inner === undefined) return undefined;
  const sealed = Buffer.from(inner, 'base64');
  if (sealed.length < 32 || sealed.length % 16 !== 0 || !sealed.subarray(0, 8).equals(saltedPrefix))
    return undefined;
  const { key, iv } = deriveKey(Buffer.from(passphrase), sealed.subarray(8, 16));
  // Node takes three times as long where it has to find out what kind of key some bytes are.
  const decipher = createDecipheriv('aes-256-cbc', createSecretKey(key), iv);
  try {
    return utf8.decode(Buffer.concat([decipher.update(sealed.subarray(16)), decipher.final()]));
  } catch {
    // A wrong key shows as bad padding or as bytes that are no text: both mean 'not encoded as it has to be'.
    return undefined;
  }
}

function deriveKey(passphrase: Buffer, salt: Buffer): { key: Buffer; iv: Buffer } {
  let block = Buffer.alloc(0);
  let derived = Buffer.alloc(0);
  while (derived.length < 48) {
    block = hash('md5', Buffer.concat([block, passphrase, salt]), 'buffer');
    derived = Buffer.concat([derived, block]);
  }
  return { key: derived.subarray(0, 32), iv: derived.subarray(32, 48) };
}
