/** Spans, for whoever has something to tell. Where tracing is off they cost next to nothing and go nowhere. */
import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = () => trace.getTracer('rollcall');

/**
 * Does the work inside a span.
 *
 * @param attributes - numbers and ids: no e-mail, no name, no secret, which errors' messages may hold, too
 */
export async function traced<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return await tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Of a stream, from its first part to its last, whoever reads it and however slowly. */
export async function* tracedStream<Part>(
  name: string,
  attributes: Attributes,
  parts: AsyncIterable<Part>,
): AsyncGenerator<Part, void, undefined> {
  const span = tracer().startSpan(name, { attributes });
  try {
    yield* parts;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** A request that goes out. */
export interface RequestSpan {
  /** Ends it. @param status - of the answer; undefined where there was none */
  end(status: number | undefined): void;
}

/** Starts the span of one request to somebody else. @param name - such as `GET /users`; no values */
export function requestSpan(name: string, attributes: Attributes): RequestSpan {
  const span = tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes });
  return {
    end(status) {
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (status === undefined || status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** Adds to the span in which this is called. */
export const note = (attributes: Attributes): void => {
  trace.getSpan(context.active())?.setAttributes(attributes);
};
