/** The configuration as YAML 1.2: one document, and the place of every key in it. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { ConfigProblem, KeyPath, Place } from './problem.ts';

export interface YamlFile {
  readonly document: Document;
  /** Where the key or list item of that path stands, or the nearest one above it that is there. */
  placeOf(path: KeyPath): Place;
  placeOfNode(node: Node): Place;
}

/** The parser's own messages can quote the text, and so a secret; these can't. */
const sentences: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'a value begins with * and so is an alias, which points to nothing; put the value in quotes',
  BAD_DQ_ESCAPE: 'there is no such escape in a double-quoted value; use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above, or a bracket or quote there is not closed',
  BAD_SCALAR_START: 'a value begins with a character that YAML reserves; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'there are two colons in one line; put the value in quotes',
  DUPLICATE_KEY: 'the key is given twice; remove one of the two',
  MISSING_CHAR: 'a quote, bracket, comma or space is missing here or on the lines above',
  MULTILINE_IMPLICIT_KEY: 'a colon, or the space after it, is missing here or on the line below',
  MULTIPLE_DOCS: 'a second document begins here (---); a configuration is one document',
  TAB_AS_INDENT: 'the line is indented by a tab; use spaces',
  TAG_RESOLVE_FAILED:
    'a value begins with ! and so is a tag, which has no meaning here; put the value in quotes',
};

const sentenceOf = (code: YAMLError['code']): string =>
  `${sentences[code] ?? 'this is no YAML; look for a missing quote, bracket or space, here or on the line above'}.`;

/** These leave the form of the rest as it is; after any other, the parser stumbles over sound lines too. */
const standsAlone: ReadonlySet<YAMLError['code']> = new Set([
  'BAD_ALIAS',
  'BAD_DQ_ESCAPE',
  'DUPLICATE_KEY',
  'TAG_RESOLVE_FAILED',
]);

/** Of the errors that one slip brings about, the first: it is where the slip is. */
function worthTelling(errors: readonly YAMLError[]): readonly YAMLError[] {
  const ordered = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const slip = ordered.findIndex(({ code }) => !standsAlone.has(code));
  return slip === -1 ? ordered : ordered.slice(0, slip + 1);
}

const keyOf = (key: unknown): unknown => (isScalar(key) ? key.value : key);

function step(
  document: Document,
  node: unknown,
  key: string | number,
): { at: unknown; value: unknown } | undefined {
  const inside = isAlias(node) ? node.resolve(document) : node;
  if (isMap(inside)) {
    const pair = inside.items.find((item) => isPair(item) && String(keyOf(item.key)) === String(key));
    return pair === undefined ? undefined : { at: pair.key, value: pair.value };
  }
  if (isSeq(inside) && typeof key === 'number') {
    const item = inside.items[key];
    return item === undefined ? undefined : { at: item, value: item };
  }
  return undefined;
}

/** Parses the text. Whatever is wrong with its form is a problem; the document may be used only if none is. */
export function readYaml(
  text: string,
  file: string,
): { readonly yaml: YamlFile; readonly problems: readonly ConfigProblem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
    lineCounter,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: ConfigProblem[] = worthTelling([...document.errors, ...document.warnings]).map((error) => ({
    ...placeAt(error.pos[0]),
    path: '',
    message: sentenceOf(error.code),
  }));
  visit(document, {
    Pair(_, { key }) {
      // JavaScript has a use of its own for it, and whatever stands under it would be lost without a word.
      if (isScalar(key) && key.value === '__proto__')
        problems.push({
          ...placeAt(key.range?.[0] ?? 0),
          path: '',
          message: '__proto__ is no key that can be used; remove it.',
        });
    },
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        problems.push({ ...placeAt(alias.range?.[0] ?? 0), path: '', message: sentenceOf('BAD_ALIAS') });
    },
  });
  const yaml: YamlFile = {
    document,
    placeOfNode: (node) => placeAt(node.range?.[0] ?? 0),
    placeOf(path) {
      let at: unknown = document.contents;
      let value: unknown = document.contents;
      for (const key of path) {
        const next = step(document, value, key);
        if (next === undefined) break;
        ({ at, value } = next);
      }
      return placeAt(isNode(at) ? (at.range?.[0] ?? 0) : 0);
    },
  };
  return { yaml, problems };
}
