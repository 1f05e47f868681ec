/** A first load planned, and then a run that finds nothing to do: of a tenth of the people, and of all. */
import type { BenchCase } from './case.ts';
import { startDirectory } from './directory.ts';
import { type Ground, layGround } from './ground.ts';
import { compete, type Measured } from './measure.ts';
import { asIfCarriedOut, configure, startBenchService, startOrg } from './service.ts';

export const endToEnd: BenchCase = {
  name: 'end-to-end',
  title:
    'A first load planned (not carried out) and a run that finds nothing to do, against the same with a tenth of the people: 10 is linear (slapd, the org over HTTP, PostgreSQL, Redis)',
  people: 1_000_000,
  async run({ people, rounds }) {
    await using closing = new AsyncDisposableStack();
    const ground = await layGround(closing);
    const [few, all] = [await layOut(people / 10, ground, closing), await layOut(people, ground, closing)];
    return [
      ...(await compete(
        [few, all].map(({ count, firstLoad }) => ({ name: `first load, ${count}`, run: firstLoad })),
        1,
      )),
      ...(await compete(
        [few, all].map(({ count, nextRun }) => ({ name: `nothing changed, ${count}`, run: nextRun })),
        rounds,
      )),
    ];
  },
};

interface Layout {
  readonly count: string;
  /** Once, by a service of its own; what it planned is then as if it had been carried out. */
  firstLoad(): Promise<Measured>;
  nextRun(): Promise<Measured>;
}

async function layOut(people: number, ground: Ground, closing: AsyncDisposableStack): Promise<Layout> {
  const directory = await startDirectory(people);
  closing.defer(() => directory.stop());
  const database = await ground.postgres.createDatabase();
  const config = async (name: string, users: number) =>
    await configure(`${name}-${people}`, ground, directory, await startOrg(users, closing), database);
  const [empty, full] = [await config('empty', 0), await config('full', people)];
  return {
    count: people.toLocaleString('en'),
    async firstLoad() {
      await using own = new AsyncDisposableStack();
      const service = await startBenchService(empty, own);
      const answer = await service.ask('dry run');
      const { run, operations } = answer;
      if (run === undefined || operations !== people)
        throw new Error(`${operations} of ${people} were planned.`);
      await asIfCarriedOut(database, run);
      return answer;
    },
    async nextRun() {
      await using own = new AsyncDisposableStack();
      const service = await startBenchService(full, own);
      const answer = await service.ask('full');
      if (answer.operations > 0)
        throw new Error(`${answer.operations} operations, though nothing has changed.`);
      return answer;
    },
  };
}
