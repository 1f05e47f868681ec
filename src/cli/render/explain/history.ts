/** What waits, and what has happened: the latest first. */
import type { History, OpenOperation } from '../../../engine/index.ts';
import { type PastEvent, pastEvents } from '../../../words/past.ts';
import { openInWords } from '../../../words/person.ts';
import { printable } from '../../../words/printable.ts';
import { absoluteTime } from '../../../words/time.ts';
import type { Screen } from '../colours.ts';
import { paintOfKind } from '../words.ts';
import { wrap } from '../wrap.ts';
import { below } from './layout.ts';
import { valueInWords } from './values.ts';

type Changing = Pick<PastEvent, 'before' | 'after'> & { readonly kind: string | undefined };

export function renderOpen(open: readonly OpenOperation[], screen: Screen): readonly string[] {
  const { colour } = screen;
  return open.flatMap((one) => {
    const { operation, guard } = one;
    const { kind, state, run_id, reason, message } = operation;
    const waits = state === 'held' || state === 'planned';
    return [
      ...wrap(printable(openInWords(one)), screen.width, 2).map(paintOfKind(kind, colour)),
      ...below(printable(reason), screen),
      ...(guard === undefined ? [] : below(printable(guard), screen)),
      ...(message === null ? [] : below(printable(message), screen)),
      ...(waits ? [colour.cyan(`    rollcall approve ${printable(run_id)} --reason "..."`)] : []),
    ];
  });
}

export function renderHistory(history: History, screen: Screen): readonly string[] {
  return pastEvents(history).flatMap((event) => {
    const head = `${absoluteTime(event.at)}  ${event.what}  ${event.onWhoseWord}`;
    const [first = '', ...more] = wrap(printable(head), screen.width, 4);
    return [
      `  ${screen.colour.bold(first.trim())}`,
      ...more,
      ...(event.reason === undefined ? [] : below(printable(event.reason), screen)),
      ...(event.message === undefined ? [] : below(printable(event.message), screen)),
      ...renderChanges(event, screen),
    ];
  });
}

/** From what to what, attribute by attribute. */
export function renderChanges({ before, after, kind }: Changing, screen: Screen): readonly string[] {
  const { colour } = screen;
  return Object.entries(after)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, value]) => {
      const known = Object.hasOwn(before, name) ? before[name] : undefined;
      const isNew = kind === 'create' || kind === 'invite';
      const last = known === undefined ? '(unknown)' : valueInWords(known);
      const from = isNew && known === undefined ? '' : `${colour.red(last)} → `;
      return wrap(`${printable(name)}: ${from}${colour.green(valueInWords(value))}`, screen.width, 4);
    });
}
