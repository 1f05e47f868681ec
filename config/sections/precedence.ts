import { z } from 'zod';

export const precedence = z
  .record(z.string().min(1), z.array(z.string().min(1)).min(1))
  .default({})
  .describe(
    'Profile attribute: ids of sources, in order. Of somebody who is in several sources, the value of the first one counts that has any; the source that keeps them comes last where it is not named. Without it, every value is that of the source that keeps them',
  )
  .meta({ examples: [{ first_name: ['cloud', 'corp'] }] });

/** What can't be meant, by its place under `precedence`. */
export function precedenceProblems(
  written: z.output<typeof precedence>,
  mapped: readonly string[],
  sources: readonly string[],
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] {
  return Object.entries(written).flatMap(([attribute, order]) => {
    const problem = attributeProblem(attribute, mapped);
    return [
      ...(problem === undefined ? [] : [{ path: [attribute], message: problem }]),
      ...order.flatMap((source, index) => {
        const at = (message: string) => [{ path: [attribute, index], message }];
        if (!sources.includes(source))
          return at(`there is no source ${source}; the sources are ${sources.join(', ')}`);
        return order.indexOf(source) === index ? [] : at(`${source} is named twice`);
      }),
    ];
  });
}

function attributeProblem(attribute: string, mapped: readonly string[]): string | undefined {
  if (attribute === 'email')
    return 'email is always that of the source that keeps somebody: people are known by it';
  return mapped.includes(attribute)
    ? undefined
    : `the mapping has no ${attribute}; it has ${mapped.join(', ')}`;
}
