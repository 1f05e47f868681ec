import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeWirePassword } from '../../src/sandbox/org/wire-password.ts';
import { newUserBody, org, passwords } from './client.ts';

const sample =
  'ZDk5NjMwYmNjNzA1ODYzOWU3ZTgwZGYyMzlmMzhhMzI6OlUyRnNkR1ZrWDEvc0Jlb1BwcVYxcGViUWlucHFDTG1DdUlUanVMYWtzb1U9';
const sampleConfirmation =
  'ZDk5NjMwYmNjNzA1ODYzOWU3ZTgwZGYyMzlmMzhhMzI6OlUyRnNkR1ZrWDEvTUJhSkp2bENBQWlKdHBUOHVQY1ErdmZ6dnRhMkowMDg9';

function opensslEncoded(password: string): string {
  const passphrase = randomBytes(16).toString('hex');
  const sealed = execFileSync(
    'openssl',
    ['enc', '-aes-256-cbc', '-md', 'md5', '-a', '-A', '-pass', `pass:${passphrase}`],
    { input: password, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  return Buffer.from(`${passphrase}::${sealed.toString()}`).toString('base64');
}

describe('a password on the wire', () => {
  test("both samples of the API's reference are one password of nine characters", () => {
    const password = decodeWirePassword(sample);

    expect(password).toHaveLength(9);
    expect(decodeWirePassword(sampleConfirmation)).toBe(password);
  });

  test('what openssl encrypts is read back, whatever its length', () => {
    for (const password of ['secret-1', 'fifteen letters', 'sixteen  letters', 'Grüße, 世界! '.repeat(9)])
      expect(decodeWirePassword(opensslEncoded(password))).toBe(password);
  });

  test('text that is not encoded so is never taken for a password', () => {
    fc.assert(fc.property(fc.string(), (text) => decodeWirePassword(text) === undefined));
    fc.assert(fc.property(fc.base64String(), (text) => decodeWirePassword(text) === undefined));
  });
});

describe('a create checks the password', () => {
  test("the reference's own samples are accepted, and nothing of them is kept", async () => {
    const { sandbox, send } = await org();

    const body = newUserBody('ada@example.com', { password: sample, confirm_password: sampleConfirmation });
    const answer = await send('POST', '', body);

    expect(answer.status).toBe(201);
    expect(Object.keys(sandbox.find('ada@example.com')?.extras ?? {})).toEqual(['username']);
  });

  test.each([
    ['missing', { password: undefined }, 'Please provide password.'],
    ['in clear', { password: 'correct horse' }, 'Password could not be decrypted.'],
    [
      'not the same twice',
      passwords('correct horse', 'wrong horse'),
      'Password and confirm password do not match.',
    ],
    ['too short', passwords('seven77'), 'Password must have at least 8 characters.'],
  ])('a password that is %s is refused', async (_what, given, sentence) => {
    const { sandbox, send } = await org();

    const answer = await send('POST', '', newUserBody('ada@example.com', given));

    expect([answer.status, answer.json]).toEqual([400, { error: sentence }]);
    expect(sandbox.effects).toEqual([]);
  });
});
