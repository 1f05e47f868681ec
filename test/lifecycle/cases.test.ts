/** Every case of docs/lifecycle.md, lived through. */
import { describe, expect, test } from 'vitest';
import { chapters } from './cases/index.ts';
import { beginLife, type Life, type SourceName } from './life.ts';

describe.each(chapters)('$title', ({ cases }) => {
  test.each(cases)('$name', ({ settings, given, when, outcome }) => {
    const life = beginLife(settings);

    for (const { does } of [...given, ...when]) does(life);

    for (const { does } of outcome) does(life);
    expect(remaining(life)).toEqual([]);
  });
});

/** Promise 12: two more runs of every source that was read find nothing to do. */
function remaining(life: Life): readonly string[] {
  const sources: readonly SourceName[] = [...life.latest.keys()];
  for (const source of sources) life.run(source);
  return sources.flatMap(
    (source) => life.run(source)?.operations.map(({ kind }) => `${source}: ${kind}`) ?? [],
  );
}
