/** The commands of the pages for operators, typed in order on an installation in which a guard holds seventeen deactivations. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../../src/cli/demo/sample-directory.ts';
import { type Stage, setStage } from '../../e2e/stage.ts';
import { type Document, readDocuments } from '../markdown.ts';
import { startedBy } from '../shell.ts';

const pages = [
  'README.md',
  ...['operations', 'guards', 'offboarding', 'scheduling'].map((name) => `docs/${name}.md`),
];

/** The run that the pages speak of. */
const runOfPages = 'k3v9m2wt';

/** What does not end, or is only for a terminal. */
const withoutEnd = ['start', 'demo', 'sandbox'];

/** What is refused here, and why that is as it should be: by how it is typed, and what it answers. */
const refused: readonly (readonly [typed: RegExp, answer: RegExp])[] = [
  // The pages show two choices, and the first one was made.
  [/^reject /, /waits for approval/],
  // There is nothing of the kind here.
  [/^quarantine clear /, /is not in quarantine/],
  [/^notify test/, /no channel to test/],
  [/^resume --source /, /is not paused, but everything is/],
  [/^restore /, /can't be read/],
  [/^audit verify --archive /, /can't be read/],
  // Placeholders, and days that are over.
  [/ (WHO|PROFILE_ID) /, /is called WHO/],
  [/--until 2026-03-31/, /is over already/],
];

/** Done; failed, waiting for somebody, or with failures: each is an answer. 2 would be a command that can't be meant. */
const answers = [0, 1, 3, 4];

async function setScene(stage: Stage): Promise<string> {
  const people = sampleDirectory({ people: 40 }).map((person, index) =>
    index === 0 ? { ...person, mail: 'ann@example.com' } : person,
  );
  const publish = async (all: readonly SamplePerson[]) =>
    await writeFile(join(stage.folder, 'people.ldif'), toLdif(all));
  await publish(people);
  await stage.rollcall('resync', '--wait');
  await publish(
    people.map((person, index) => (index > 2 && index < 20 ? { ...person, employeeType: 'left' } : person)),
  );
  const held = await stage.rollcall('resync', '--wait', '--json');
  return JSON.parse(held.stdout).run.id;
}

async function typedIn({ blocks }: Document, run: string): Promise<readonly (readonly string[])[]> {
  const shell = blocks.filter(({ language, marks }) => language === 'sh' && marks.not === undefined);
  const started = await Promise.all(shell.map(({ text }) => startedBy(text.replaceAll(runOfPages, run))));
  return started
    .flat()
    .map((words) => (words[0] === 'npx' ? words.slice(1) : words))
    .filter(([program, command = '']) => program === 'rollcall' && !withoutEnd.includes(command))
    .map((words) => words.slice(1));
}

test.each(pages)('%s', async (file) => {
  await using stage = await setStage({
    combination: 'PostgreSQL',
    sources: `  - { id: corp, type: ldif, file: people.ldif, active: 'user.employeeType != "left"' }`,
  });
  const [document] = (await readDocuments()).filter((one) => one.file === file);
  if (document === undefined) throw new Error(`There is no ${file}.`);

  const commands = await typedIn(document, await setScene(stage));

  expect(commands.length).toBeGreaterThan(0);
  for (const args of commands) {
    const line = args.join(' ');
    const { code, stdout, stderr } = await stage.rollcall(...args);
    const isRefusedRightly = refused.some(
      ([typed, answer]) => typed.test(line) && answer.test(stdout + stderr),
    );
    if (!isRefusedRightly) expect(answers, `${line}\n${stdout}${stderr}`).toContain(code);
    expect(stderr, line).not.toMatch(/TypeError|ReferenceError|\bat .*\.ts:\d/);
  }
});
