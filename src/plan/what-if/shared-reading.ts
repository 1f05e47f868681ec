/** One reading for two who reconcile at the same time: each side is asked once, and both see the same of it. */
import type { Connector } from '../../../connectors/connector.ts';
import type { Rules } from '../../identity/index.ts';
import type { ProfileApi } from '../../profile-api/index.ts';

/** Whether a reading for one of the rules can be one for the other as well: it asks for the same kind of things. */
export const canShare = (one: Rules, other: Rules): boolean =>
  (one.attributes === 'all') === (other.attributes === 'all') && one.usesGroups === other.usesGroups;

/** A pair of connectors that read the source once, with what either of the rules asks for. */
export function sharedConnector(
  connector: Connector,
  [one, other]: readonly [Rules, Rules],
): readonly [Connector, Connector] {
  const attributes =
    one.attributes === 'all' || other.attributes === 'all'
      ? 'all'
      : [...new Set([...one.attributes, ...other.attributes])];
  const [left, right] = shared((signal) => connector.read({ attributes, groups: one.usesGroups, signal }));
  return [
    { ...connector, read: ({ signal }) => left(signal) },
    { ...connector, read: ({ signal }) => right(signal) },
  ];
}

/** A pair of clients of the org that list it once. */
export function sharedApi(api: ProfileApi): readonly [ProfileApi, ProfileApi] {
  const never = new AbortController().signal;
  const [left, right] = shared((signal) => api.listProfiles({ signal }));
  return [
    { ...api, listProfiles: (options) => left(options?.signal ?? never) },
    { ...api, listProfiles: (options) => right(options?.signal ?? never) },
  ];
}

type Stream<Item> = (signal: AbortSignal) => AsyncGenerator<Item>;

/** Opened by whoever begins first; whoever begins a second time has a stream of their own. */
function shared<Item>(
  open: (signal: AbortSignal) => AsyncIterable<Item>,
): readonly [Stream<Item>, Stream<Item>] {
  let halves: readonly [ReadableStream<Item>, ReadableStream<Item>] | undefined;
  const half = (index: 0 | 1): Stream<Item> => {
    let isUsed = false;
    return async function* (signal) {
      if (isUsed) return yield* open(signal);
      isUsed = true;
      halves ??= ReadableStream.from(open(signal)).tee();
      return yield* halves[index];
    };
  };
  return [half(0), half(1)];
}
