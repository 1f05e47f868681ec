/** What a run costs that finds nothing to do, whole and as a delta, against the larger of the two readings that it needs. */
import type { BenchCase } from './case.ts';
import { startDirectory } from './directory.ts';
import { layGround } from './ground.ts';
import { compete, type Measured } from './measure.ts';
import {
  asIfCarriedOut,
  configure,
  type Service,
  startBenchService,
  startOrg,
  type Task,
} from './service.ts';

export const nothingChanged: BenchCase = {
  name: 'nothing-changed',
  title:
    'Runs that find nothing to do (slapd, the org over HTTP, PostgreSQL, Redis), against reading the directory or listing the org alone, whichever takes longer',
  people: 100_000,
  async run({ people, rounds }) {
    await using closing = new AsyncDisposableStack();
    const ground = await layGround(closing);
    const directory = await startDirectory(people);
    closing.defer(() => directory.stop());
    const database = await ground.postgres.createDatabase();
    const org = await startOrg(people, closing);
    const file = await configure('run', ground, directory, org, database);
    await makeLinks(file, database, people);

    const reader = await startBenchService(file, closing);
    const service = await startBenchService(file, closing);
    const once = (from: Service, task: Task) => seen(from, task, people);
    const tasks: readonly (readonly [string, () => Promise<Measured>])[] = [
      [
        'the longer one of both readings',
        async () => larger(await once(reader, 'source'), await once(reader, 'org')),
      ],
      ['reading the directory', () => once(reader, 'source')],
      ['listing the org', () => once(reader, 'org')],
      ['a run, whole', () => once(service, 'full')],
      ['a run, delta', () => service.ask('delta').then(idle)],
    ];
    // Once for nothing: a service is warm.
    for (const [, run] of tasks) await run();
    return await compete(
      tasks.map(([name, run]) => ({ name, run })),
      rounds,
    );
  },
};

/** The links of everybody, by a service that ends with that. */
async function makeLinks(file: string, database: string, people: number): Promise<void> {
  await using closing = new AsyncDisposableStack();
  const service = await startBenchService(file, closing);
  const { run, operations } = await service.ask('dry run');
  if (run === undefined || operations !== people) throw new Error(`${operations} of ${people} were planned.`);
  await asIfCarriedOut(database, run);
}

async function seen(service: Service, task: Task, people: number): Promise<Measured> {
  const answer = await service.ask(task);
  // The org has the key's own account besides.
  if (Math.abs(answer.people - people) > 1) throw new Error(`${task}: ${answer.people} of ${people} people.`);
  return idle(answer);
}

function idle<Asked extends { readonly operations: number }>(answer: Asked): Asked {
  if (answer.operations > 0) throw new Error(`${answer.operations} operations, though nothing has changed.`);
  return answer;
}

const larger = (one: Measured, other: Measured): Measured => (one.wallMs > other.wallMs ? one : other);
