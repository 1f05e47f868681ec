/** Commands that were mistyped, or name what is not there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { besideConfig, expectPlain, expectRefused, type Scene, setScene } from './mistakes.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

describe('what is mistyped is told by the command line', () => {
  test.each([
    [['reync'], 'resync'],
    [['plan', '--sorce', 'corp'], '--source'],
    [['plan', 'corp'], 'argument'],
    [['approve', 'x'], '--reason'],
    [['reject', 'x'], '--reason'],
    [['approve', '--reason', 'x'], 'plan'],
    [['start', '--role', 'boss'], 'scheduler, worker'],
    [['runs', '--limit', '0'], 'whole number from 1'],
    [['audit', 'list', '--since', 'never'], '2026-01-31'],
    [['operations', '--state', 'odd'], 'superseded'],
    [['plan', '--log-level', 'loud'], 'debug'],
    [['sandbox', '--port', 'x'], 'whole number'],
    [['resync', '--accept-shrink', 'all', '--reason', 'x'], 'whole number from 1'],
    [['resync', '--raise', 'maxEverything=3', '--reason', 'x'], 'one of maxDeactivations'],
    [['resync', '--raise', 'maxEdits=off', '--reason', 'x'], "can't be switched off"],
  ])('%j', async (command, says) => {
    const result = await scene.stage.rollcall(...command);

    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^error: /);
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expectPlain(result);
  });
});

describe('what is not there is told with where to look', () => {
  test.each([
    [
      ['plan', '--source', 'crop'],
      ['There is no source crop. Did you mean corp? The configuration has corp.'],
    ],
    [['quarantine', 'clear', 'corpp', '--reason', 'x'], ['There is no source corpp. Did you mean corp?']],
    [
      ['resync', '--source', 'crop', '--wait', '--json'],
      ['There is no source crop', 'corp'],
    ],
    [['approve', 'nosuch', '--reason', 'x'], ['nosuch']],
    [['reject', 'nosuch', '--reason', 'x'], ['nosuch']],
    [
      ['runs', 'nosuch', '--json'],
      ['There is no run nosuch', 'rollcall runs'],
    ],
    [
      ['operations', '--run', 'nosuch'],
      ['There is no run nosuch', 'rollcall runs'],
    ],
    [
      ['retry', 'nosuch'],
      ['There is no failed operation nosuch', 'rollcall operations --failed'],
    ],
    [
      ['retry', '--run', 'nosuch'],
      ['There is no run nosuch', 'rollcall runs'],
    ],
    [
      ['status', '--watch', '--json'],
      ['--watch draws a screen for people', '--json'],
    ],
    [
      ['status', '--watch'],
      ['this is none', 'leave it out'],
    ],
    [['retry'], ['--run RUN', '--saying TEXT or --all']],
    [['discard'], ['--run RUN', '--saying TEXT or --all']],
    [['resync', '--accept-shrink', '9'], ['--accept-shrink wants a --reason']],
    [['resync', '--reason', 'x'], ['--reason is for --accept-shrink']],
    [['audit', 'export', '--out', '/no/such/folder/x'], ['/no/such/folder/x']],
  ])('%j', async (command, says) => {
    const result = await scene.stage.rollcall(...command);

    expectRefused(result, { code: 2, says });
  });
});

test('a mistyped id of a plan or run is told beside the one that was meant', async () => {
  const { stdout } = await scene.stage.rollcall('plan', '--json');
  const { id } = z.object({ run: z.object({ id: z.string() }) }).parse(JSON.parse(stdout)).run;
  const typed = `${id.slice(0, 3)}${id.slice(4)}`;

  for (const command of [
    ['approve', typed, '--reason', 'x'],
    ['reject', typed, '--reason', 'x'],
    ['runs', typed],
    ['undo', typed],
  ]) {
    const result = await scene.stage.rollcall(...command);
    expectRefused(result, { code: 2, says: [`${typed}. Did you mean ${id}?`] });
  }
  await scene.stage.rollcall('reject', id, '--reason', 'the test is over');
});

describe('an LDIF file', () => {
  test.each([
    ['that is not there', undefined, ['does not exist']],
    ['that is something else', Buffer.from('504b0304000102fffe', 'hex'), ['LDIF']],
    ['whose records are broken', 'version: 1\n\ndn: cn=a,dc=x\nobjectClass: person\ncn a\n', ['5', 'LDIF']],
  ])('%s', async (_, content, says) => {
    const file = `${scene.stage.folder}/people.ldif`;
    if (content !== undefined) await besideConfig(scene.stage, 'people.ldif', content);

    const result = await scene.stage.rollcall('plan', '--from', file);

    expectRefused(result, { code: 1, says: [file, ...says] });
  });

  test('with one wrong line is read without that record, which is named, and removes nobody', async () => {
    const person = (name: string) =>
      `dn: cn=${name},dc=x\nobjectClass: person\nentryUUID: ${name}\ncn: ${name}\nmail: ${name}@example.com\n`;
    const text = `version: 1\n\n${person('ann')}\n${person('bob')}broken line\n`;
    const file = await besideConfig(scene.stage, 'people.ldif', text);

    const result = await scene.stage.rollcall('plan', '--from', file);

    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('INCOMPLETE READING');
    expect(result.stdout).toMatch(/line 14/i);
    expect(result.stdout).toContain('ann@example.com');
  });
});

test('nothing was done, and a right command works', async () => {
  await scene.expectAllIsWellAfterwards();
});
