/** Something that several listen to and that is looked at for all of them at once, once in a while, as long as anybody listens. */
export interface Watched<State> {
  /** Told of the state at once, and again whenever its mark is another one. @returns what ends it */
  listen(listener: (state: State) => void): () => void;
}

export interface Looking<State> {
  readonly everyMs: number;
  look(): Promise<State>;
  /** Two states with the same mark are the same to those who listen. */
  markOf(state: State): string;
  onError(error: unknown): void;
}

export function watched<State>({ everyMs, look, markOf, onError }: Looking<State>): Watched<State> {
  const listeners = new Set<(state: State) => void>();
  let last: { readonly state: State; readonly mark: string } | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function again(): Promise<void> {
    try {
      const state = await look();
      const mark = markOf(state);
      const isNew = mark !== last?.mark;
      last = { state, mark };
      if (isNew) for (const listener of [...listeners]) listener(state);
    } catch (error) {
      onError(error);
    }
    timer = listeners.size === 0 ? undefined : setTimeout(again, everyMs);
    if (timer === undefined) last = undefined;
  }

  return {
    listen(listener) {
      listeners.add(listener);
      if (last !== undefined) listener(last.state);
      timer ??= setTimeout(again, 0);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
