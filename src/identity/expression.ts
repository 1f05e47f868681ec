/** CEL expressions over `user`: compiled once, checked before a run, evaluated for each person. */
import {
  type ASTNode,
  Environment,
  type EvaluationError,
  Optional,
  type ParseError,
} from '@marcbachmann/cel-js';
import type { AttributeValue } from '../profile-api/profile.ts';
import { asKeyError, KeyError, leadToKeys, withMapKeys } from './map-keys.ts';
import { asWritten, leadToRe2, PatternError, withPatterns } from './patterns.ts';

/** What an expression can give. `undefined` is an empty optional: not set. */
export type ExpressionValue = AttributeValue | undefined;

export interface Expression {
  readonly text: string;
  /** The directory attributes that it asks for; `all` where a name is only known at evaluation. */
  readonly attributes: ReadonlySet<string> | 'all';
  /** Everything of `user` that it names, the normal form included; whatever it computes is not in it. */
  readonly names: ReadonlySet<string>;
  /** Whether it asks for `user.groups`, or may do so. */
  readonly usesGroups: boolean;
  /** Whether it says the same for everybody, such as `"User"`. */
  readonly isLiteral: boolean;
  /** @throws {ExpressionError} when it can't be evaluated for this person, such as for a missing attribute. */
  evaluate(user: UserContext): ExpressionValue;
}

/** The map that expressions see as `user`. */
export type UserContext = Readonly<Record<string, unknown>>;

/** An expression that can't be compiled, or not be evaluated for somebody. The message says why in one line. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** The expression with a caret under the place, on several lines. */
  readonly excerpt: string;

  constructor(message: string, excerpt: string, options?: ErrorOptions) {
    super(message, options);
    this.excerpt = excerpt;
  }
}

/** Names of `user` that Rollcall makes itself; everything else is a directory attribute. */
export const normalFormNames: ReadonlySet<string> = new Set([
  'anchor',
  'source',
  'login',
  'email',
  'active',
  'leaveAt',
  'groups',
  'all',
]);

const environment = withMapKeys(
  withPatterns(
    new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false }).registerVariable(
      'user',
      'map',
    ),
  ),
);
const parse = (text: string) => environment.parse(text);

/**
 * Compiles an expression and checks its types.
 *
 * @param result - the type that it must give, where that can be known beforehand
 * @throws {ExpressionError} with the place of the mistake
 */
export function compileExpression(text: string, result: 'bool' | 'value'): Expression {
  const parsed = explaining(() => parse(text));
  explaining(() =>
    visitAll(parsed.ast, (node) => {
      leadToRe2(node);
      leadToKeys(node, parse);
    }),
  );
  const check = explaining(() => parsed.check());
  if (!check.valid) throw explained(check.error);
  if (result === 'bool' && check.type !== 'bool' && check.type !== 'dyn') {
    throw new ExpressionError(`It gives ${check.type}, but must be true or false.`, excerptOf(text, 0));
  }

  const isLiteral = parsed.ast.op === 'value';
  let constant: { readonly value: ExpressionValue } | undefined;
  return {
    text,
    ...explaining(() => namedIn(parsed.ast)),
    isLiteral,
    evaluate: (user) =>
      explaining(() => {
        if (!isLiteral) return plainValue(parsed({ user }));
        constant ??= { value: plainValue(parsed({ user })) };
        return constant.value;
      }),
  };
}

/** @throws {ExpressionError} for whatever the library throws about the expression */
function explaining<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw explained(asKeyError(error));
  }
}

function explained(error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return error;
  if (error instanceof PatternError || error instanceof KeyError)
    return new ExpressionError(error.message, '', { cause: error });
  // The library calls itself for each level, and refuses only some kinds of depth beforehand.
  if (error instanceof RangeError)
    return new ExpressionError('It is nested too deeply, or is too long.', '', { cause: error });
  if (!isCelError(error)) throw error;
  const summary =
    error.code === 'no_such_key'
      ? `The attribute ${error.summary.replace(/^No such key: /, '')} is missing`
      : asWritten(error.summary);
  const [, excerpt = ''] = error.message.split('\n\n');
  return new ExpressionError(summary.endsWith('.') ? summary : `${summary}.`, excerpt, { cause: error });
}

/** cel-js has a class for each stage; what they share is a summary and a code. */
function isCelError(error: unknown): error is ParseError | EvaluationError {
  return error instanceof Error && 'summary' in error && 'code' in error;
}

function excerptOf(text: string, column: number): string {
  return `>    1 | ${text}\n         ${' '.repeat(column)}^`;
}

/** Integers come as bigint, maps and lists nested; what the profile API takes is JSON. */
function plainValue(value: unknown): ExpressionValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return plainNumber(value);
  if (value instanceof Optional) return value.hasValue() ? plainValue(value.value()) : undefined;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plainValue(item) ?? null);
  if (value instanceof Map) return plainObject([...value.entries()]);
  if (typeof value === 'object') {
    const plain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
    if (plain) return plainObject(Object.entries(value));
  }
  throw new ExpressionError(
    'It gives a value that JSON has no form for; turn it into text with string(...).',
    '',
  );
}

/** Only what JSON gives back as it was: anything else would be somebody else's number, or differ in every run. */
function plainNumber(value: bigint | number): number {
  const plain = Number(value);
  const isExact = typeof value === 'bigint' ? Number.isSafeInteger(plain) : Number.isFinite(plain);
  if (!isExact)
    throw new ExpressionError(
      `It gives the number ${value}, which JSON does not hold exactly; turn it into text with string(...).`,
      '',
    );
  return plain === 0 ? 0 : plain;
}

function plainObject(entries: readonly (readonly [unknown, unknown])[]): ExpressionValue {
  return Object.fromEntries(entries.map(([key, item]) => [String(key), plainValue(item) ?? null]));
}

/** `user.mail`, `user["mail"]`, `user.all.mail`, `user.?mail`: everything that an expression can touch. */
function namedIn(ast: ASTNode): Pick<Expression, 'attributes' | 'names' | 'usesGroups'> {
  const found = new Set<string>();
  const names = new Set<string>();
  let dynamic = false;
  let usesGroups = false;

  const visit = (node: ASTNode): void => {
    const access = accessOf(node);
    if (access === undefined) {
      // `user` on its own, as in user.exists(...): nobody can say which attributes are meant.
      if (node.op === 'id' && node.args === 'user') dynamic = usesGroups = true;
      for (const child of childrenOf(node)) visit(child);
      return;
    }
    const { base, key } = access;
    const isUser = base.op === 'id' && base.args === 'user';
    const inner = accessOf(base);
    const isAll = inner?.key === 'all' && inner.base.op === 'id' && inner.base.args === 'user';
    if (isUser || isAll) {
      if (isUser && (key === undefined || key === 'groups')) usesGroups = true;
      if (key !== undefined && (isAll || key !== 'all')) names.add(key);
      if (key === undefined) dynamic = true;
      else if (isAll || !normalFormNames.has(key)) found.add(key);
      else if (key === 'all') dynamic = true;
      for (const child of indexOf(node)) visit(child);
      return;
    }
    for (const child of childrenOf(node)) visit(child);
  };

  visit(ast);
  return { attributes: dynamic ? 'all' : found, names, usesGroups };
}

/** The node as `base.key` or `base["key"]`; the key is undefined where it is computed. */
function accessOf(node: ASTNode): { base: ASTNode; key: string | undefined } | undefined {
  if (node.op === '.' || node.op === '.?') return { base: node.args[0], key: node.args[1] };
  if (node.op === '[]' || node.op === '[?]') {
    const [base, index] = node.args;
    return { base, key: index.op === 'value' && typeof index.args === 'string' ? index.args : undefined };
  }
  return undefined;
}

const indexOf = (node: ASTNode): readonly ASTNode[] =>
  node.op === '[]' || node.op === '[?]' ? [node.args[1]] : [];

function visitAll(node: ASTNode, look: (node: ASTNode) => void): void {
  look(node);
  for (const child of childrenOf(node)) visitAll(child, look);
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  const nested = (args: unknown): readonly ASTNode[] => {
    if (isNode(args)) return [args];
    return Array.isArray(args) ? args.flatMap(nested) : [];
  };
  return nested(node.args);
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
