/** Whether an entry's own attributes say that its person left, or will. */
import { type LeaveDateRule, readLeaveDate } from './leave-date.ts';
import { type LeaverSignal, readSignal, type Sign } from './signals.ts';

export interface LeaverRules {
  readonly signals: readonly LeaverSignal[];
  readonly dates: readonly LeaveDateRule[];
  /** Signals that every account of this kind of server has: one that can't be seen is hidden from us. */
  readonly always: readonly LeaverSignal[];
}

export type Lifecycle =
  | {
      readonly kind: 'told';
      /** A sentence, where the entry says that they left. */
      readonly whyInactive: string | undefined;
      readonly leaveAt: Date | undefined;
      readonly leaveAtFrom: string | undefined;
    }
  /** Nobody can say whether they left. The reason is a sentence with the mend. */
  | { readonly kind: 'unclear'; readonly reason: string };

/** The attributes that the rules ask for. */
export const lifecycleAttributes = ({ signals, dates }: LeaverRules): readonly string[] => [
  ...signals,
  ...dates.map(({ attribute }) => attribute),
];

interface Check {
  readonly name: string;
  readonly isAlwaysThere: boolean;
  read(text: string): Sign;
}

/**
 * A function that tells what an entry says of its person's leaving. A mark that is clear counts whatever the others say;
 * else one that can't be read leaves the person as they are. Of several dates the first counts.
 *
 * `valuesOf` gives the texts of an attribute's values; none where it is not there.
 */
export function lifecycleReader({
  signals,
  dates,
  always,
}: LeaverRules): (valuesOf: (attribute: string) => readonly string[]) => Lifecycle {
  const checks: readonly Check[] = [
    ...signals.map((name) => ({ name, isAlwaysThere: always.includes(name), read: readSignal[name] })),
    ...dates.map((rule) => ({
      name: rule.attribute,
      isAlwaysThere: false,
      read: (text: string) => dateSign(text, rule),
    })),
  ];
  return (valuesOf) => {
    let leave: { readonly at: Date; readonly name: string } | undefined;
    let unclear: string | undefined;
    for (const check of checks) {
      const { name } = check;
      const sign = signOf(valuesOf(name), check);
      switch (sign.kind) {
        case 'stays':
          break;
        case 'inactive':
          return {
            ...stays,
            whyInactive: `The account is disabled in the source (${name}: ${sign.meaning}).`,
          };
        case 'leaves':
          if (leave === undefined || sign.at < leave.at) leave = { at: sign.at, name };
          break;
        case 'nobody':
          unclear ??= `It is ${sign.meaning} (${name}), not a person's. Leave it out by the filter.`;
          break;
        case 'unreadable':
          unclear ??= `Whether they left is not clear, since ${name} is not ${sign.expected}. Mend it in the directory, or the rules in leavers.`;
          break;
        case 'hidden':
          unclear ??= `Whether they left is not clear, since ${name} can't be seen. Let the account read it, or take it out of leavers.signals.`;
          break;
        default:
          sign satisfies never;
      }
    }
    if (unclear !== undefined) return { kind: 'unclear', reason: unclear };
    return leave === undefined ? stays : { ...stays, leaveAt: leave.at, leaveAtFrom: leave.name };
  };
}

const stays = { kind: 'told', whyInactive: undefined, leaveAt: undefined, leaveAtFrom: undefined } as const;
const saysNothing = { kind: 'stays' } as const;
const isHidden = { kind: 'hidden' } as const;

function signOf(values: readonly string[], { isAlwaysThere, read }: Check): Sign | typeof isHidden {
  if (values.length === 0) return isAlwaysThere ? isHidden : saysNothing;
  const texts = [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
  const [text, ...others] = texts;
  if (text === undefined) return isAlwaysThere ? isHidden : saysNothing;
  if (others.length > 0) return { kind: 'unreadable', expected: `one value (it has ${texts.length})` };
  return read(text);
}

function dateSign(text: string, rule: LeaveDateRule): Sign {
  const read = readLeaveDate(text, rule);
  switch (read.kind) {
    case 'at':
      return { kind: 'leaves', at: read.at };
    case 'never':
      return saysNothing;
    case 'unreadable':
      return read;
    default:
      return read satisfies never;
  }
}
