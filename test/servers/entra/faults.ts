/** Faults on demand: what befalls the requests that a pattern names, as often as told. */

export type Misfortune =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** The answer is right and has these headers besides. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  /** Nothing ever comes. */
  | { readonly kind: 'hang' }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'cut' }
  /** The body is shorter than its JSON, and ends properly. */
  | { readonly kind: 'half' }
  /** A proxy's page. */
  | { readonly kind: 'html'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** A small body that unfolds to so many MiB of spaces. */
  | { readonly kind: 'bomb'; readonly mib: number }
  /** The connection is reset before an answer. */
  | { readonly kind: 'reset' }
  /** The page names itself as the next one. */
  | { readonly kind: 'loop' }
  /** The link of the page leads to this address. */
  | { readonly kind: 'link'; readonly to: string }
  /** The answer's own body is changed. */
  | { readonly kind: 'change'; readonly with: (body: Record<string, unknown>) => unknown };

export interface Fault {
  /** Matched against method and address below the version: `GET /users/delta?...`. */
  readonly on: RegExp;
  readonly misfortune: Misfortune;
  /** So many fitting requests go well before it. */
  readonly after?: number;
  /** How often it happens; once unless told. */
  readonly times?: number;
}

export interface Faults {
  add(...faults: readonly Fault[]): void;
  clear(): void;
  /** What befalls this request, if anything. */
  next(request: string): Misfortune | undefined;
}

export function createFaults(): Faults {
  let waiting: { fault: Fault; seen: number }[] = [];
  return {
    add: (...faults) => waiting.push(...faults.map((fault) => ({ fault, seen: 0 }))),
    clear() {
      waiting = [];
    },
    next(request) {
      for (const one of waiting) {
        const { on, after = 0, times = 1, misfortune } = one.fault;
        if (!on.test(request)) continue;
        one.seen += 1;
        if (one.seen > after && one.seen <= after + times) return misfortune;
      }
      return undefined;
    },
  };
}
