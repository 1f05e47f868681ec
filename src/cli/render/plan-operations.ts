/** The operations of a plan, as a diff: by kind, person by person, attribute by attribute. */

import type { ToldOperation } from '../../json/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import { printable, printableValue } from '../../words/printable.ts';
import { isHeld, operationKinds } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { paintOfKind, personInWords, signOf } from './words.ts';
import { wrap } from './wrap.ts';

export interface Extent {
  /** Everybody and everything, however long it gets. */
  readonly all: boolean;
  /** How many of a group are shown where not all are; 50 if not given. */
  readonly most?: number;
}

const shownPerGroup = 50;
const shownOfValue = 200;
const indent = 4;

/** These say all there is to say in one line: the whole profile is new. */
const compactKinds: ReadonlySet<OperationKind> = new Set(['create', 'invite']);

export function renderOperationGroups(
  operations: readonly ToldOperation[],
  screen: Screen,
  extent: Extent,
): readonly string[] {
  return operationKinds.flatMap((kind) => {
    const group = operations.filter((operation) => operation.kind === kind);
    return group.length === 0 ? [] : ['', ...renderGroup(kind, group, screen, extent)];
  });
}

function renderGroup(
  kind: OperationKind,
  group: readonly ToldOperation[],
  screen: Screen,
  extent: Extent,
): readonly string[] {
  const { colour } = screen;
  const { all } = extent;
  const title = colour.bold(`To ${kind}: ${group.length}`);
  const isCompact = compactKinds.has(kind) && !all;
  const shared = isCompact ? sharedReason(group) : undefined;
  return [
    title,
    ...(shared === undefined ? [] : grey(shared, screen)),
    ...firstOf(group, extent, screen, (operation) =>
      isCompact ? compactLines(operation, shared !== undefined, screen) : fullLines(operation, screen, all),
    ),
  ];
}

/** The first of a long list, and how many more there are. */
export function firstOf<Item>(
  items: readonly Item[],
  { all, most = shownPerGroup }: Extent,
  { colour }: Screen,
  render: (item: Item) => readonly string[],
): readonly string[] {
  const shown = all ? items : items.slice(0, most);
  const rest = items.length - shown.length;
  return [
    ...shown.flatMap(render),
    ...(rest === 0 ? [] : [colour.dim(`  ... and ${rest} more (--all shows them)`)]),
  ];
}

const sharedReason = (group: readonly ToldOperation[]): string | undefined =>
  new Set(group.map((operation) => operation.reason)).size === 1 ? group[0]?.reason : undefined;

function compactLines(operation: ToldOperation, isReasonTold: boolean, screen: Screen): readonly string[] {
  const count = Object.keys(operation.after).length;
  const attributes = screen.colour.dim(`  ${count} attribute${count === 1 ? '' : 's'}`);
  return [
    `${headline(operation, screen)}${attributes}`,
    ...(isReasonTold ? [] : grey(operation.reason, screen)),
    ...whatBecameOfIt(operation, screen),
  ];
}

function fullLines(operation: ToldOperation, screen: Screen, all: boolean): readonly string[] {
  return [
    headline(operation, screen),
    ...grey(operation.reason, screen),
    ...changes(operation, screen, all),
    ...whatBecameOfIt(operation, screen),
  ];
}

function headline(operation: ToldOperation, { colour }: Screen): string {
  const { kind } = operation;
  const { name, label } = personInWords(operation);
  const what = paintOfKind(kind, colour)(`${signOf(kind)} ${kind.padEnd(10)}`);
  const parts = [what, colour.bold(name)];
  if (label !== '') parts.push(colour.dim(label));
  if (operation.thenInvites) parts.push(colour.dim('then invited'));
  if (isHeld(operation)) parts.push(colour.yellow('[held]'));
  else if (operation.state === 'failed') parts.push(colour.red('[failed]'));
  else if (operation.state !== 'planned' && operation.state !== 'queued') parts.push(`[${operation.state}]`);
  return parts.join('  ');
}

const grey = (sentence: string, { colour, width }: Screen): readonly string[] =>
  wrap(printable(sentence), width, indent).map(colour.dim);

/** Why it failed, or was left out: what a plan that is being carried out adds to itself. */
function whatBecameOfIt({ state, message }: ToldOperation, { colour, width }: Screen): readonly string[] {
  if (message === null || message === '') return [];
  const lines = wrap(printable(message), width, indent);
  return state === 'failed' ? lines.map(colour.red) : lines;
}

function changes(
  { kind, before, after }: ToldOperation,
  { colour, width }: Screen,
  all: boolean,
): readonly string[] {
  const isNew = compactKinds.has(kind);
  const value = (one: (typeof after)[string]): string => {
    const text = printableValue(one);
    if (all || text.length <= shownOfValue || width === Number.POSITIVE_INFINITY) return text;
    // Half of a character that takes two code units would be none.
    const start = text.slice(0, shownOfValue).replace(/\p{Cs}$/u, '');
    return `${start}... (${text.length} characters; --all shows them)`;
  };
  return Object.entries(after)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([attribute, wanted]) => {
      const name = printable(attribute);
      const next = colour.green(value(wanted));
      if (isNew) return `    ${colour.green('+')} ${name}: ${next}`;
      const known = Object.hasOwn(before, attribute) ? before[attribute] : undefined;
      const last = known === undefined ? colour.dim('(unknown)') : colour.red(value(known));
      return `    ${name}: ${last} → ${next}`;
    });
}
