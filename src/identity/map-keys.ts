/**
 * Keys of the maps that an expression writes, held to what CEL's specification allows: text, whole numbers, true and false.
 * The library makes text of whatever else stands there, such as `[object Object]`, fails over some of it with an error that is
 * none of its own, and leaves out three names without a word.
 */
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';

const ownName = 'keyOfMap';

/** What cannot be a key, or not here. The message says why in one line. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

export const withMapKeys = (environment: Environment): Environment =>
  environment.registerFunction(`${ownName}(dyn): dyn`, keyOfMap);

/**
 * Has the keys of a map looked at: now where they stand in the expression, at each evaluation where they are worked out.
 *
 * @param parse - of the environment that {@link withMapKeys} gave
 * @throws {KeyError} where a key stands in the expression and is none, or stands there twice
 */
export function leadToKeys(node: ASTNode, parse: (text: string) => { readonly ast: ASTNode }): void {
  if (node.op !== 'map') return;
  const standing = new Set<string>();
  for (const entry of node.args) {
    const [key] = entry;
    if (key.op === 'value') {
      const name = String(keyOfMap(key.args));
      if (standing.has(name)) throw new KeyError(`The key ${JSON.stringify(name)} stands in a map twice.`);
      standing.add(name);
    } else {
      entry[0] = lookedAt(key, parse(`${ownName}(null)`).ast);
    }
  }
}

function lookedAt(key: ASTNode, call: ASTNode): ASTNode {
  if (call.op === 'call') call.args[1][0] = key;
  return call;
}

/** The error that the library lets happen where a map is asked for something that can be no key, as a {@link KeyError}. */
export const asKeyError = (error: unknown): unknown =>
  error instanceof TypeError && error.message.endsWith('to primitive value')
    ? new KeyError(whatMayBe, { cause: error })
    : error;

const whatMayBe = 'A key of a map is text, a whole number, true or false, and nothing else.';

/** The library leaves these out of every map that an expression writes. */
const leftOut: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype']);

function keyOfMap(key: unknown): unknown {
  if (leftOut.has(key)) throw new KeyError(`A map can't have the key ${JSON.stringify(key)} here.`);
  const mayBe =
    typeof key === 'string' ||
    typeof key === 'bigint' ||
    typeof key === 'boolean' ||
    key instanceof UnsignedInt;
  if (!mayBe) throw new KeyError(whatMayBe);
  return key;
}
