/** An operator's word that guards give way for one run of one source. */
import { InvalidArgumentError } from 'commander';
import { raisableGuards } from '../acts/index.ts';
import type { Raise } from '../store/runs/runs.ts';
import type { RaisedGuards } from '../store/schema.ts';
import { UsageError } from './exit.ts';

export interface RaiseOptions {
  readonly source?: string;
  readonly raise?: RaisedGuards;
  /** Another name for `--raise maxShrink`. */
  readonly acceptShrink?: number;
  /** Another name for `--raise maxMissing`. */
  readonly acceptMissing?: number;
  readonly reason?: string;
}

/** Takes one `--raise GUARD=PEOPLE` to those before it. */
export function addRaise(text: string, before: RaisedGuards = {}): RaisedGuards {
  const [name, number = ''] = text.split('=', 2);
  const guard = raisableGuards.find((one) => one === name);
  if (guard === undefined)
    throw new InvalidArgumentError(
      `There is no such guard to be raised. Give one of ${raisableGuards.join(', ')}, such as maxDeactivations=200.`,
    );
  if (!/^[1-9][0-9]{0,8}$/.test(number))
    throw new InvalidArgumentError(
      `Say up to how many people, as a whole number from 1: ${guard}=200. A guard can't be switched off.`,
    );
  return { ...before, [guard]: Number(number) };
}

/** @throws {UsageError} where the word has no reason, or names no source */
export function raiseOf({
  source,
  raise,
  acceptShrink,
  acceptMissing,
  reason,
}: RaiseOptions): Raise | undefined {
  const guards: RaisedGuards = {
    ...raise,
    ...(acceptShrink === undefined ? {} : { maxShrink: acceptShrink }),
    ...(acceptMissing === undefined ? {} : { maxMissing: acceptMissing }),
  };
  const option =
    acceptShrink !== undefined
      ? '--accept-shrink'
      : acceptMissing !== undefined
        ? '--accept-missing'
        : '--raise';
  if (Object.keys(guards).length === 0) {
    if (reason === undefined) return undefined;
    throw new UsageError(
      '--reason is for --accept-shrink, --accept-missing and --raise; a run as usual needs none.',
    );
  }
  if (reason === undefined || reason.trim() === '')
    throw new UsageError(`${option} wants a --reason: it is kept in the audit log.`);
  if (source === undefined)
    throw new UsageError(`With ${option}, name the source whose guard gives way: --source ID.`);
  return { guards, reason };
}
