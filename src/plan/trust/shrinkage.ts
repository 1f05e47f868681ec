/** A source from which many people are gone at once has more likely broken than lost them. Pure. */
import type { Census } from '../../store/people/census.ts';
import { allowedOf } from '../guards/limit.ts';

export interface ShrinkLimits {
  readonly count: number;
  readonly percent: number;
  /** How many may be gone in this one run, by a person's word; 0 where nobody gave one. */
  readonly accepted: number;
}

/** A part of the source, or all of it. */
interface Part {
  /** The container's name; undefined for the whole source. */
  readonly name: string | undefined;
  /** What it is inside of, the whole source first. */
  readonly around: readonly Part[];
  had: number;
  has: number;
  /** Those of the ones it had who are nowhere in the source any more. Somebody who moved is not gone. */
  gone: number;
}

/**
 * Why a reading can't be trusted that shows far fewer people than the one before; undefined where it doesn't.
 *
 * @param at - when the census before was taken
 */
export function shrinkage(before: Census, at: Date, now: Census, limits: ShrinkLimits): string | undefined {
  const parts = [...measure(before, now).values()];
  const shrunken = parts.filter((part) => part.gone > allowed(part, limits));
  if (shrunken.length === 0) return undefined;

  const most = Math.max(...shrunken.map(({ gone }) => gone));
  // The innermost say best what happened: those around them have shrunk because of them.
  const outer = new Set(shrunken.flatMap(({ around }) => around));
  const told = shrunken.filter((part) => !outer.has(part)).sort((one, other) => other.gone - one.gone);
  const shown = told.slice(0, toldAtMost).map((part) => inWords(part, limits));
  const others = shrunken.length - shown.length;
  const more =
    others > 0 ? ` ${others} more ${others === 1 ? 'part' : 'parts'} of the source shrank too.` : '';
  return (
    `Since the last whole reading (${at.toISOString()}) too many people are gone: ${shown.join('; ')}.${more} ` +
    `guards.maxShrink allows the larger of ${limits.count} people and ${limits.percent} %${limits.accepted > 0 ? `, and this run ${limits.accepted} people` : ''}. ` +
    `Check what the account may read, the base and the filter. If they have really left, \`rollcall resync --raise maxShrink=${most} --reason TEXT\` accepts it for one run.`
  );
}

const toldAtMost = 3;

const allowed = ({ had }: Part, { accepted, ...limit }: ShrinkLimits): number =>
  allowedOf(had, limit, accepted);

function inWords(part: Part, limits: ShrinkLimits): string {
  const where = part.name ?? 'the source';
  return `${where} had ${part.had} people and has ${part.has} now (${part.gone} gone, ${allowed(part, limits)} allowed)`;
}

/** Every container at any depth, and the whole source, with what it had, has and lost. */
function measure(before: Census, now: Census): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const partsOf = (path: readonly string[]): readonly Part[] => {
    const around: Part[] = [];
    for (const name of [undefined, ...path.toReversed()]) {
      const key = name ?? '';
      let part = parts.get(key);
      if (part === undefined) {
        part = { name, around: [...around], had: 0, has: 0, gone: 0 };
        parts.set(key, part);
      }
      around.push(part);
    }
    return around;
  };

  for (const { path, marks } of now.branches) for (const part of partsOf(path)) part.has += marks.length;
  const present = inOrder(now);
  for (const { path, marks } of before.branches) {
    let gone = 0;
    for (const mark of marks) if (!isAmong(present, mark)) gone += 1;
    for (const part of partsOf(path)) {
      part.had += marks.length;
      part.gone += gone;
    }
  }
  return parts;
}

/** All marks, the lowest first: a tenth of what a set of a million numbers takes. */
function inOrder({ branches }: Census): Uint32Array {
  const all = new Uint32Array(branches.reduce((sum, { marks }) => sum + marks.length, 0));
  let at = 0;
  for (const { marks } of branches) {
    all.set(marks, at);
    at += marks.length;
  }
  return all.sort();
}

function isAmong(sorted: Uint32Array, mark: number): boolean {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) < mark) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === mark;
}
