/** What is wrong with a configuration, each thing with its place. */

export interface ConfigProblem {
  /** The configuration file, or the environment variable that gave the value. */
  readonly file: string;
  /** Counted from 1; absent where the problem has no place in a file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The key, such as `sources[0].tls.ca`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what to do about it. Never holds a secret. */
  readonly message: string;
}

/** Where in a configuration something stands. */
export type Place = Pick<ConfigProblem, 'file' | 'line' | 'column'>;

/** The way to a key, from the outside in. */
export type KeyPath = readonly (string | number)[];

/** Writes a path as people do: `sources[0].tls.ca`. */
export function pathText(path: KeyPath): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

/** One line, as compilers write it: `file:line:column: key: message`. */
export function describeProblem({ file, line, column, path, message }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return [place, path, message].filter((part) => part !== '').join(': ');
}

/** In the order of the lines, so that somebody can go through the file; what has no line comes last. */
function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const last = Number.MAX_SAFE_INTEGER;
  return problems.toSorted(
    (a, b) => (a.line ?? last) - (b.line ?? last) || (a.column ?? last) - (b.column ?? last),
  );
}

/** The configuration can't be used. Holds everything that is wrong with it, not the first thing alone. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const ordered = inOrder(problems);
    super(ordered.map(describeProblem).join('\n'), options);
    this.problems = ordered;
  }
}
