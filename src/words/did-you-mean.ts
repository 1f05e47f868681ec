import { suggest } from '../../config/index.ts';

/** A sentence, with a space before it, that names the known word nearest to what was typed; nothing where none is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const nearest = suggest(typed, known);
  return nearest === undefined || nearest === typed ? '' : ` Did you mean ${nearest}?`;
}
