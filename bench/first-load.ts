/** A first load without a rate limit, against bare loops of got: with a look for each new profile, and with as few looks as Rollcall takes. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toLdif } from '../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import type { BenchCase } from './case.ts';
import { layGround } from './ground.ts';
import { compete, type Measured, measuredSchema, runNode } from './measure.ts';
import { type BenchOrg, startOrg } from './org.ts';

const atOnce = 8;

export const firstLoad: BenchCase = {
  name: 'first-load',
  title: `So many people created one by one, ${atOnce} at a time, without a rate limit (sandbox in a process of its own)`,
  people: 20_000,
  async run({ people, rounds }) {
    await using closing = new AsyncDisposableStack();
    const { folder, postgres, redis } = await layGround(closing);
    await writeFile(join(folder, 'people.ldif'), toLdif(sampleDirectory({ people })));

    let looksOfRollcall = people;
    /** Each load has an org of its own, and has to have created everybody once. */
    const load = async (
      by: (org: BenchOrg) => Promise<unknown>,
      onLooks?: (looks: number) => void,
    ): Promise<Measured> => {
      await using ending = new AsyncDisposableStack();
      const org = await startOrg(ending);
      const measured = measuredSchema.parse(await by(org));
      const created = await org.created();
      if (created !== people) throw new Error(`${created} of ${people} people were created.`);
      onLooks?.((await org.requests()).list);
      return measured;
    };
    const rollcall = async ({ url, apiKey }: BenchOrg, places: string): Promise<unknown> => {
      const file = join(folder, `${randomUUID()}.yaml`);
      await writeFile(
        file,
        `profileApi: { url: "${url}", apiKey: ${apiKey}, concurrency: ${atOnce}, rateLimit: off }
sources: [{ id: people, type: ldif, file: people.ldif }]
backup: off
${places}
`,
      );
      return await runNode(join(import.meta.dirname, 'first-load-process.ts'), file);
    };
    const bareLoop = ({ url, apiKey }: BenchOrg, looks: number): Promise<unknown> =>
      runNode(join(import.meta.dirname, 'bare-loop-process.ts'), { url, apiKey, people, atOnce, looks });

    return await compete(
      [
        { name: 'a bare loop of got', run: () => load((org) => bareLoop(org, people)) },
        {
          name: 'Rollcall, PostgreSQL and Redis',
          run: () =>
            load(
              async (org) => {
                const redisPlace = `redis: { url: "${redis.url}", prefix: "${randomUUID()}" }`;
                return rollcall(
                  org,
                  `database: { url: "${await postgres.createDatabase()}" }\n${redisPlace}`,
                );
              },
              (looks) => {
                looksOfRollcall = looks;
              },
            ),
        },
        {
          name: 'the bare loop with as few looks as Rollcall took just now',
          run: () => load((org) => bareLoop(org, Math.min(people, looksOfRollcall))),
        },
        {
          name: 'Rollcall, embedded',
          run: () => load((org) => rollcall(org, `database: { path: "${randomUUID()}" }`)),
        },
      ],
      rounds,
    );
  },
};
