/** From the start of the process until the service is at work, on stores that are new: tables and queue are made on the way. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCase } from './case.ts';
import { layGround } from './ground.ts';
import { type Competitor, compete, cpuMsOf, type Measured, timeProgram } from './measure.ts';
import { startOrg } from './org.ts';
import { startWork } from './work.ts';

const root = join(import.meta.dirname, '..');
/** As a checkout is started, and as the container is; the latter where `npm run build` has made it. */
const forms = {
  'from source': join(root, 'src/main.ts'),
  built: join(root, 'dist/src/main.js'),
};

export const coldStart: BenchCase = {
  name: 'cold-start',
  title: 'From nothing to a service at work, on new stores; in between Node on an empty program',
  people: 0,
  async run({ rounds }) {
    await using closing = new AsyncDisposableStack();
    const { folder, postgres, redis } = await layGround(closing);
    const { url, apiKey } = await startOrg(closing);
    await writeFile(join(folder, 'people.ldif'), '');
    const places = {
      'PostgreSQL and Redis': async () =>
        `database: { url: "${await postgres.createDatabase()}" }\nredis: { url: "${redis.url}", prefix: "${randomUUID()}" }`,
      'a new embedded store': async () => `database: { path: "${randomUUID()}" }`,
    };
    const configure = async (place: string): Promise<string> => {
      const file = join(folder, `${randomUUID()}.yaml`);
      await writeFile(
        file,
        `profileApi: { url: "${url}", apiKey: ${apiKey} }
sources: [{ id: people, type: ldif, file: people.ldif }]
server: { port: 0 }
${place}
`,
      );
      return file;
    };
    const services = Object.entries(forms)
      .filter(([, main]) => existsSync(main))
      .flatMap(([form, main]) =>
        Object.entries(places).map(
          ([name, place]): Competitor => ({
            name: `Rollcall ${form}, ${name}`,
            run: async () => await untilAtWork(main, await configure(await place()), folder),
          }),
        ),
      );
    // Once for nothing: whatever Node keeps of what it has compiled is there from the second start on.
    for (const service of services) await service.run();
    return await compete(
      [{ name: 'Node, an empty program', run: () => timeProgram(process.execPath, ['-e', '']) }, ...services],
      rounds,
    );
  },
};

async function untilAtWork(main: string, configFile: string, home: string): Promise<Measured> {
  await using closing = new AsyncDisposableStack();
  const began = performance.now();
  const pid = await startWork(closing, configFile, home, 'all', main);
  return { wallMs: performance.now() - began, cpuMs: await cpuMsOf(pid) };
}
