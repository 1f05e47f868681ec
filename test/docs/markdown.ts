/** The documentation as it is read: blocks of code with their lines, links, and the anchors that they may lead to. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer, type Token, type Tokens, walkTokens } from 'marked';

export const root = resolve(import.meta.dirname, '../..');

export interface Block {
  /** The first word after the fence; empty where there is none. */
  readonly language: string;
  /** What follows it, such as `in=server.oidc`. */
  readonly marks: Readonly<Record<string, string>>;
  readonly text: string;
  /** `docs/api.md:42`, to be found again. */
  readonly place: string;
}

export interface Document {
  /** From the project's root: `docs/api.md`. */
  readonly file: string;
  readonly blocks: readonly Block[];
  /** As they are written, without those of other sites. */
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
  /** `Code` within sentences. */
  readonly spans: readonly string[];
}

export function readMarkdown(file: string, text: string): Document {
  const [blocks, links, anchors, spans]: [Block[], string[], string[], string[]] = [[], [], [], []];
  const slugger = new GithubSlugger();
  let place = 0;
  walkTokens(lexer(text), (token) => {
    if (isCode(token)) {
      const at = text.indexOf(token.raw.trimEnd().split('\n')[0] ?? '', place);
      // In a list, a block is written further to the right than it is told here: its first line alone is looked for.
      if (at >= 0) place = at + 1;
      blocks.push(blockOf(token, `${file}:${text.slice(0, Math.max(at, 0)).split('\n').length}`));
    }
    if (token.type === 'codespan') spans.push(token.text);
    if (token.type === 'heading') anchors.push(slugger.slug(plainText(token)));
    if ((token.type === 'link' || token.type === 'image') && !/^[a-z][a-z0-9+.-]*:/i.test(token.href))
      links.push(token.href);
  });
  return { file, blocks, links, anchors: new Set(anchors), spans };
}

const isCode = (token: Token): token is Tokens.Code => token.type === 'code';

function blockOf(token: Tokens.Code, place: string): Block {
  const [language = '', ...words] = (token.lang ?? '').split(' ');
  const marks = Object.fromEntries(
    words.filter((word) => word !== '').map((word) => [word.split('=')[0], word.split('=')[1] ?? '']),
  );
  return { language, marks, text: token.text, place };
}

/** A heading as it is shown, without its marks. */
const plainText = (token: Token): string =>
  'tokens' in token && token.tokens !== undefined
    ? token.tokens.map(plainText).join('')
    : 'text' in token
      ? String(token.text)
      : '';

const folders = ['.', 'docs', 'bench', 'deploy'];

/** Every page that people read: those of the root, and of the folders that have any. */
export async function readDocuments(): Promise<readonly Document[]> {
  const names = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: folder !== '.' })).map((name) => join(folder, name)),
    ),
  );
  const files = names.flat().filter((name) => name.endsWith('.md') && !name.includes('node_modules'));
  return await Promise.all(
    files.sort().map(async (file) => readMarkdown(file, await readFile(join(root, file), 'utf8'))),
  );
}
