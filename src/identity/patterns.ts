/**
 * `matches` of an expression, by RE2, as the specification of CEL has it. The library takes JavaScript's own patterns, with which
 * `^(a+)+$` and a name of forty letters keep a process busy for hours: whoever may change their name could stop every sync.
 */
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { RE2JS, RE2JSException } from 're2js';

/** The library lets nobody take the place of its own `matches`, so calls are led to this one. */
const ownName = 'matchesByRe2';

/** A pattern that is none. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Patterns can be made of people's values, so not all are kept. */
const mostKept = 1_000;
const kept = new Map<string, RE2JS>();

export const withPatterns = (environment: Environment): Environment =>
  environment.registerFunction(`string.${ownName}(string): bool`, (text: string, pattern: string) =>
    compiled(pattern).test(text),
  );

/**
 * Leads a call of `matches` to RE2.
 *
 * @throws {PatternError} where its pattern stands in the expression and is none
 */
export function leadToRe2(node: ASTNode): void {
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return;
  node.args[0] = ownName;
  const [pattern] = node.args[2];
  if (pattern?.op === 'value' && typeof pattern.args === 'string') compiled(pattern.args);
}

/** What the library says, without the name that nobody wrote. */
export const asWritten = (sentence: string): string => sentence.replaceAll(ownName, 'matches');

function compiled(pattern: string): RE2JS {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const fresh = compile(pattern);
  if (kept.size < mostKept) kept.set(pattern, fresh);
  return fresh;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new PatternError(
      `${JSON.stringify(pattern)} is no pattern of RE2 (https://github.com/google/re2/wiki/Syntax), which knows no look-ahead and no back-references: ${error.message}.`,
    );
  }
}
