import type { PlaceMeans } from './means.ts';

const folded = (dn: string): string => dn.toLowerCase().replaceAll(/\s*([,=])\s*/g, '$1');

/** The naming context that the source's base is in: where DirSync has to begin. The longest one counts. */
export function namingContextOf({ rootDse, settings }: Pick<PlaceMeans, 'rootDse' | 'settings'>) {
  const base = folded(settings.baseDn);
  return (rootDse?.values('namingContexts') ?? [])
    .filter((context) => base === folded(context) || base.endsWith(`,${folded(context)}`))
    .sort((one, other) => other.length - one.length)[0];
}
