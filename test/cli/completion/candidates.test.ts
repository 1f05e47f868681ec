/** What is offered at the Tab key. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/cli/completion/candidates.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { collect } from '../output.ts';

const { stdout, stderr } = collect();
const signal = new AbortController().signal;
const program = buildProgram({ stdout, stderr, env: {}, cwd: '/', signal }, () => undefined);
const sources = async (file: string | undefined) => (file === 'other.yaml' ? ['cloud'] : ['corp', 'cloud']);

/** The values, or `files`. */
async function offered(...typed: readonly string[]): Promise<readonly string[] | 'files'> {
  const completion = await complete(program, typed, sources);
  return completion.kind === 'files' ? 'files' : completion.words.map(({ value }) => value);
}

describe('at the Tab key', () => {
  it.each([
    [['pl'], ['plan']],
    [
      ['audit', ''],
      ['list', 'export', 'verify', 'help'],
    ],
    [
      ['--config', 'x.yaml', 'un'],
      ['undo', 'unadopt', 'unignore'],
    ],
    [['plan', '--mo'], ['--mode']],
    [
      ['plan', '--mode', ''],
      ['full', 'delta'],
    ],
    [['plan', '--mode=d'], ['--mode=delta']],
    [
      ['plan', '--json', '--source', 'c'],
      ['corp', 'cloud'],
    ],
    [['--config', 'other.yaml', 'plan', '--source', ''], ['cloud']],
    [['plan', '--source', '=', 'co'], ['corp']],
    [
      ['plan', '--source', '='],
      ['corp', 'cloud'],
    ],
    [
      ['quarantine', 'clear', ''],
      ['corp', 'cloud'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['approve', ''], []],
    [['nosuch', ''], []],
    [['compl'], ['completion']],
  ])('of %j: %j', async (typed, expected) => {
    expect(await offered(...typed)).toEqual(expected);
  });

  it.each([
    [['restore', '']],
    [['--config', 'conf']],
    [['plan', '--from', '']],
    [['plan', '--with=']],
    [['audit', 'verify', '--archive', '']],
  ])('files for %j', async (typed) => {
    expect(await offered(...typed)).toBe('files');
  });

  it('offers only what begins as the word does, whatever the line is', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'plan',
        '--source',
        '--source=',
        '=',
        '',
        '-',
        '--',
        'audit',
        'list',
        '--mode',
        'restore',
      ),
      fc.string({ size: 'max', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word), async (typed) => {
        const found = await offered(...typed);

        const last = typed.at(-1) === '=' ? '' : (typed.at(-1) ?? '');
        if (found !== 'files') expect(found.filter((value) => !value.startsWith(last))).toEqual([]);
      }),
    );
  });
});
