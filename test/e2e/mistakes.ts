/** A right configuration, the mistakes that are made in it, and what Rollcall owes whoever made them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Slapd, type SlapdOptions, startSlapd } from '../servers/slapd.ts';
import { type CliResult, type Combination, type Stage, type StageOptions, setStage } from './stage.ts';

export interface Scene {
  readonly slapd: Slapd;
  readonly stage: Stage;
  /** The configuration that works. */
  readonly right: string;
  /** Runs a command on the configuration with one piece of its text replaced. */
  mistaken(from: string, to: string, ...command: readonly string[]): Promise<CliResult>;
  /** The mistakes mended, one run on the same store brings everybody in, once. */
  expectAllIsWellAfterwards(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SceneOptions {
  readonly combination?: Combination;
  readonly slapd?: SlapdOptions;
  readonly more?: string;
  readonly env?: StageOptions['env'];
}

const people = 4;

export async function setScene(options: SceneOptions = {}): Promise<Scene> {
  const slapd = await startSlapd({ people, ...options.slapd });
  try {
    const stage = await setStage({
      combination: options.combination ?? 'PostgreSQL and Redis',
      sources: ldapSource(slapd),
      more: options.more ?? '',
      env: options.env ?? {},
    });
    const right = await readFile(stage.configFile, 'utf8');
    return { slapd, stage, right, ...means(stage, slapd, right) };
  } catch (error) {
    await slapd.stop();
    throw error;
  }
}

/** One key a line, so that a place in it means something. */
const ldapSource = (slapd: Slapd): string => `
  - id: corp
    type: ldap
    url: ${slapd.ldapsUrl}
    bindDn: ${slapd.readerDn}
    password: ${slapd.readerPassword}
    tls: { ca: ${slapd.caFile} }
    baseDn: ${slapd.peopleDn}
    filter: (objectClass=inetOrgPerson)
    active: 'true'
`;

function means(stage: Stage, slapd: Slapd, right: string) {
  return {
    async mistaken(from: string, to: string, ...command: readonly string[]): Promise<CliResult> {
      const wrong = right.replace(from, () => to);
      if (wrong === right && from !== to) throw new Error(`The configuration does not hold ${from}.`);
      await writeFile(stage.configFile, wrong);
      return await stage.rollcall(...command);
    },
    async expectAllIsWellAfterwards(): Promise<void> {
      expect(stage.sandbox.effects).toEqual([]);
      await writeFile(stage.configFile, right);
      const result = await stage.rollcall('resync', '--wait');
      expect(result, result.stderr).toMatchObject({ code: 0 });
      expect(stage.sandbox.effects.map((effect) => effect.kind)).toEqual(slapd.people.map(() => 'created'));
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await stage[Symbol.asyncDispose]();
      await slapd.stop();
    },
  };
}

/** A file beside the configuration; its path. */
export async function besideConfig(stage: Stage, name: string, text: string | Buffer): Promise<string> {
  const file = join(stage.folder, name);
  await writeFile(file, text);
  return file;
}

/** Line and column, from 1, of a piece of text. */
export function placeIn(text: string, piece: string): string {
  const before = text.slice(0, text.indexOf(piece)).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

export interface Refusal {
  readonly code: number;
  /** What the one line must say: the place, what is wrong, the mend. */
  readonly says: readonly (string | RegExp)[];
  /** More lines where more is wrong. */
  readonly lines?: number;
  /** The last line shows the place in an expression, and is no sentence. */
  readonly mayEndInExcerpt?: boolean;
}

const traceOrAccident =
  /^\s+at |\bnode:internal|did not foresee|\[object Object\]|\bundefined\b|\bNaN\b|ZodError/m;

/** Nobody gets a trace, a blank or a secret; everybody gets what, where and the mend, and nothing that looks like success. */
export function expectRefused(
  result: CliResult,
  { code, says, lines = 1, mayEndInExcerpt = false }: Refusal,
): void {
  expect(result.stderr).not.toMatch(traceOrAccident);
  expect(result.stdout).toBe('');
  expect(result.stderr.trimEnd().split('\n'), result.stderr).toHaveLength(lines);
  for (const piece of says) {
    if (typeof piece === 'string') expect(result.stderr).toContain(piece);
    else expect(result.stderr).toMatch(piece);
  }
  if (!mayEndInExcerpt) expect(result.stderr).toMatch(/[.!?)]\n$/);
  expectPlain(result);
  expect(result.code, result.stderr).toBe(code);
}

/** A pipe gets no colour, no cursor movement, and no other control character. */
export function expectPlain({ stdout, stderr }: CliResult): void {
  for (const text of [stdout, stderr])
    expect([...text].filter((sign) => sign < ' ' && sign !== '\n').map(codeOf)).toEqual([]);
}

const codeOf = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
