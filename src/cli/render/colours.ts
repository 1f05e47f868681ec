import picocolors from 'picocolors';

/** Paints text, or leaves it as it is where there are no colour. */
export type Colours = ReturnType<typeof picocolors.createColors>;
export type Paint = Colours['red'];

export const createColours = (enabled: boolean): Colours => picocolors.createColors(enabled);

/** What text is laid out for. */
export interface Screen {
  readonly colour: Colours;
  /** Columns; `Infinity` in a pipe, where nothing is broken or cut. */
  readonly width: number;
}

/**
 * Whether to use colours: on a terminal, unless NO_COLOR is set (https://no-color.org); FORCE_COLOR gives them to a pipe
 * as well, and takes them away where it is `0` or `false`.
 */
export function wantsColours(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
