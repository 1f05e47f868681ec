import type { ConfiguredSource } from '../engine/index.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The sources that something is about: the one that was named, or all. */
export function sourcesNamed<Source extends { readonly id: string } = ConfiguredSource>(
  { sources }: { readonly sources: readonly Source[] },
  name: string | undefined,
): { readonly kind: 'found'; readonly sources: readonly Source[] } | Refusal {
  if (name === undefined) return { kind: 'found', sources };
  const source = sources.find((one) => one.id === name);
  if (source !== undefined) return { kind: 'found', sources: [source] };
  const known = sources.map((one) => one.id);
  return refuse(
    'unknown',
    `There is no source ${name}.${didYouMean(name, known)} The configuration has ${known.join(', ')}.`,
  );
}
