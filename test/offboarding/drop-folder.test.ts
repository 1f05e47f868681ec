/** Files that an HR system drops: taken once, whole or not at all, and answered row by row. */
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { openDropFolder } from '../../src/offboarding/index.ts';
import { type Installation, type InstallationOptions, install } from '../engine/installation.ts';
import { sayLeft, standing } from './office.ts';

interface Dropped extends Installation {
  drop(name: string, text: string): Promise<void>;
  /** Two looks: a file is taken when its size is the same in both. */
  look(): Promise<void>;
  path(...names: readonly string[]): string;
  /** The outcome of each row, of all files that were answered. */
  outcomes(): Promise<readonly string[]>;
}

async function withFolder(options: InstallationOptions = {}): Promise<Dropped> {
  const here = await install(options);
  await here.sync();
  const folder = join(here.folder, 'hr');
  await mkdir(folder);
  const dropFolder = openDropFolder(folder, here.engine.desk, here.engine.log);
  const path = (...names: readonly string[]) => join(folder, ...names);
  return {
    ...here,
    path,
    drop: (name, text) => writeFile(path(name), text),
    async look() {
      await dropFolder.look();
      await dropFolder.look();
    },
    async outcomes() {
      const names = (await readdir(path('done'))).filter((name) => name.endsWith('.answers.csv')).sort();
      const texts = await Promise.all(names.map((name) => readFile(path('done', name), 'utf8')));
      return texts.flatMap((text) => parse(text, { from: 2 }).map((row) => String(row[2])));
    },
  };
}

test('each row has its answer beside the file, which is put away', async () => {
  await using here = await withFolder();
  const [now, later, early] = [here.person(0), here.person(1), here.person(2)];
  await sayLeft(here, early.mail);
  await here.drop(
    'leavers.csv',
    `email,leave_date,action\n${now.mail},,\n${later.mail},2099-01-31,\n${early.mail},,\nnobody@example.com,,\n${now.mail},31.1.2026,\n,,leaves\n`,
  );

  await here.look();

  expect(await here.outcomes()).toEqual([
    'deactivating',
    'scheduled',
    'left-already',
    'unknown',
    'bad-date',
    'bad-row',
  ]);
  const left = (await readdir(here.path())).sort();
  expect(left).toEqual(['done']);
  const words = await standing(here);
  expect(words.map(({ cause, eventId }) => `${cause} ${eventId}`).sort()).toEqual([
    'hr-event e-1',
    'hr-file leavers.csv:2',
    'hr-file leavers.csv:3',
  ]);
});

test('a file is taken when it has stopped growing', async () => {
  await using here = await withFolder();
  const folder = openDropFolder(here.path(), here.engine.desk, here.engine.log);
  await here.drop('leavers.csv', 'email\n');

  await folder.look();
  await appendFile(here.path('leavers.csv'), `${here.person(0).mail}\n`);
  await folder.look();
  expect(await standing(here)).toEqual([]);

  await folder.look();
  expect(await standing(here)).toHaveLength(1);
});

test('what was taken and not put away, since the process died, is answered as it was and does nothing again', async () => {
  await using here = await withFolder();
  const text = `email\n${here.person(0).mail}\n`;
  await here.drop('leavers.csv', text);
  await here.look();
  const [run] = (await standing(here)).map((word) => word.run);
  const answered = await here.outcomes();

  await here.drop('leavers.csv', text);
  await here.look();

  expect(await here.outcomes()).toEqual(answered);
  expect((await standing(here)).map((word) => word.run)).toEqual([run]);
});

test('two processes that look into the same folder do it once', async () => {
  await using here = await withFolder();
  const other = await here.another();
  const folders = [here.engine, other].map((engine) => openDropFolder(here.path(), engine.desk, engine.log));
  await here.drop('leavers.csv', `email\n${here.person(0).mail}\n${here.person(1).mail}\n`);

  await Promise.all(folders.map((folder) => folder.look()));
  await Promise.all(folders.map((folder) => folder.look()));

  expect(await here.outcomes()).toEqual(['deactivating', 'deactivating']);
  expect(await standing(here)).toHaveLength(2);
});

test('a file of more people than the guard lets pass is held as a whole, in one plan', async () => {
  await using here = await withFolder({
    config: { guards: '{ maxDeactivations: { count: 2, percent: 0 } }' },
  });
  const before = here.effects().length;
  const three = here.people.slice(0, 3);
  await here.drop('leavers.csv', `email\n${three.map(({ mail }) => mail).join('\n')}\n`);

  await here.look();

  expect(await here.outcomes()).toEqual(['held', 'held', 'held']);
  const [run, ...others] = new Set((await standing(here)).map((word) => word.run));
  expect(others).toEqual([]);
  expect(here.effects().length).toBe(before);
  if (run === undefined) expect.fail('No plan was made.');
  expect((await here.approve(run)).kind).toBe('approved');
  await here.carryOut(run);
  expect(here.effects().slice(before).sort()).toEqual(three.map(({ mail }) => `deactivated ${mail}`).sort());
});

test('a file without people in it is refused with why, and so are formulas for spreadsheets kept from running', async () => {
  await using here = await withFolder();
  await here.drop('a.csv', 'name\nAnn\n');
  await here.drop('b.csv', 'login\n=HYPERLINK(1)\n');
  await here.drop('notes.txt', 'email\n');

  await here.look();

  expect([...(await here.outcomes())].sort()).toEqual(['refused', 'unknown']);
  const names = await readdir(here.path('done'));
  const answers = names.find((name) => name.startsWith('b-') && name.endsWith('.answers.csv'));
  expect(await readFile(here.path('done', answers ?? ''), 'utf8')).toContain("'=HYPERLINK");
  expect(await readdir(here.path())).toContain('notes.txt');
});

test('a folder that is not there is said once, and taken up when it is', async () => {
  await using here = await withFolder();
  const said: string[] = [];
  const log = Object.assign(Object.create(here.engine.log), {
    error: (_: object, text: string) => said.push(text),
  });
  const folder = openDropFolder(here.path('later'), here.engine.desk, log);

  await folder.look();
  await folder.look();
  expect(said).toHaveLength(1);

  await mkdir(here.path('later'));
  await writeFile(here.path('later', 'x.csv'), `email\n${here.person(0).mail}\n`);
  await folder.look();
  await folder.look();
  expect(await standing(here)).toHaveLength(1);
});
