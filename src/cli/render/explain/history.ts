/** What waits, and what has happened: the latest first. */
import type { ToldOpenOperation, ToldPastEvent } from '../../../json/index.ts';
import { openInWords } from '../../../words/person.ts';
import { printable } from '../../../words/printable.ts';
import { absoluteTime } from '../../../words/time.ts';
import type { Screen } from '../colours.ts';
import { paintOfKind } from '../words.ts';
import { wrap } from '../wrap.ts';
import { below } from './layout.ts';
import { valueInWords } from './values.ts';

type Changing = Pick<ToldPastEvent, 'before' | 'after' | 'kind'>;

export function renderOpen(open: readonly ToldOpenOperation[], screen: Screen): readonly string[] {
  const { colour } = screen;
  return open.flatMap((one) => {
    const { kind, state, run, reason, guard, message } = one;
    const expiresAt = one.expiresAt === null ? undefined : new Date(one.expiresAt);
    const waits = state === 'held' || state === 'planned';
    return [
      ...wrap(printable(openInWords({ kind, state, run, expiresAt })), screen.width, 2).map(
        paintOfKind(kind, colour),
      ),
      ...below(printable(reason), screen),
      ...(guard === null ? [] : below(printable(guard), screen)),
      ...(message === null ? [] : below(printable(message), screen)),
      ...(waits ? [colour.cyan(`    rollcall approve ${printable(run)} --reason "..."`)] : []),
    ];
  });
}

export function renderHistory(events: readonly ToldPastEvent[], screen: Screen): readonly string[] {
  return events.flatMap((event) => {
    const head = `${absoluteTime(new Date(event.at))}  ${event.what}  ${event.onWhoseWord}`;
    const [first = '', ...more] = wrap(printable(head), screen.width, 4);
    return [
      `  ${screen.colour.bold(first.trim())}`,
      ...more,
      ...(event.reason === null ? [] : below(printable(event.reason), screen)),
      ...(event.message === null ? [] : below(printable(event.message), screen)),
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
