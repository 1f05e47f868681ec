/** The list of operations, such as those that failed. */
import type { ToldOperation } from '../../json/index.ts';
import { absoluteTime } from '../../words/time.ts';
import { isHeld } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { renderTable } from './table.ts';
import { paintOfKind, paintOfState } from './words.ts';

export function renderOperations(operations: readonly ToldOperation[], screen: Screen): readonly string[] {
  const { colour } = screen;
  const [first] = operations;
  if (first === undefined) return ['There are no such operations.'];
  const failed = operations.find((operation) => operation.state === 'failed');
  return [
    ...renderTable(
      ['OPERATION', 'KIND', 'PERSON', 'STATE', 'TRIES', 'SINCE', 'MESSAGE'],
      operations.map((operation) => [
        { text: operation.id, paint: colour.bold },
        { text: operation.kind, paint: paintOfKind(operation.kind, colour) },
        operation.email ?? operation.label,
        {
          text: isHeld(operation) ? 'held' : operation.state,
          paint: paintOfState(operation.state, colour),
        },
        String(operation.attempts),
        absoluteTime(new Date(operation.endedAt ?? operation.createdAt)),
        operation.message ?? operation.reason,
      ]),
      screen,
    ),
    ...(failed === undefined
      ? []
      : [
          '',
          'When the cause is mended:',
          colour.cyan(`  rollcall retry ${failed.id}`),
          colour.dim(`  rollcall discard ${failed.id}  takes it off the list`),
        ]),
  ];
}
