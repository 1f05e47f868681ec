import type { Connector } from '../../connectors/index.ts';
import { traced, tracedStream } from '../tracing/index.ts';

/** The same connector, whose readings and look-ups are told to whoever traces. */
export function tracedConnector(connector: Connector): Connector {
  const { source, changes, watch } = connector;
  const about = { 'rollcall.source': source };
  return {
    source,
    watch,
    read: (request) => tracedStream('read the source', about, connector.read(request)),
    changes:
      changes === undefined
        ? undefined
        : (request) => tracedStream('read the changes', about, changes.call(connector, request)),
    cannotTellChanges: connector.cannotTellChanges?.bind(connector),
    lookup: (anchors, signal) =>
      traced('look people up', { ...about, 'rollcall.people': anchors.length }, () =>
        connector.lookup(anchors, signal),
      ),
    find: (names, request) => traced('find people', about, () => connector.find(names, request)),
    probe: (request) => connector.probe(request),
    close: () => connector.close(),
  };
}
