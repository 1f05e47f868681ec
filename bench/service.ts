/** Rollcall over a large directory and org, as a service of its own process that is asked for one thing after the other. */
import { fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import type { BenchDirectory } from './directory.ts';
import type { Ground } from './ground.ts';
import { asInImage, type Measured } from './measure.ts';

/** Read the source, or list the org, and do nothing about it; or a run. */
export type Task = 'source' | 'org' | 'full' | 'delta' | 'dry run';

export interface Answer extends Measured {
  readonly run?: string;
  readonly people: number;
  readonly operations: number;
}

const answerSchema = z.object({
  run: z.string().exactOptional(),
  people: z.number(),
  operations: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMib: z.number(),
});

export interface Service {
  /** @throws {Error} where it failed, or other people were seen than there are */
  ask(task: Task): Promise<Answer>;
}

/** A service that has done nothing yet. */
export async function startBenchService(configFile: string, closing: AsyncDisposableStack): Promise<Service> {
  const child = fork(join(import.meta.dirname, 'service-process.ts'), [configFile], asInImage);
  closing.defer(async () => {
    if (child.connected) child.disconnect();
    if (child.exitCode === null) await once(child, 'exit');
  });
  await once(child, 'message');
  return {
    async ask(task) {
      child.send(task);
      const [told] = await once(child, 'message');
      const answer = answerSchema.safeParse(told);
      if (!answer.success) throw new Error(`${task}: ${JSON.stringify(told)}`);
      return answer.data;
    },
  };
}

const orgSchema = z.object({ url: z.string(), apiKey: z.string() });
export type BenchOrg = z.infer<typeof orgSchema>;

/** An org of so many of the directory's people, in a process of its own. */
export async function startOrg(people: number, closing: AsyncDisposableStack): Promise<BenchOrg> {
  const main = join(import.meta.dirname, 'org-process.ts');
  const child = spawn(process.execPath, [main, String(people)], { stdio: ['ignore', 'pipe', 'inherit'] });
  closing.defer(() => void child.kill());
  const [line] = await once(child.stdout, 'data');
  return orgSchema.parse(JSON.parse(String(line)));
}

/** Writes a configuration that ties the directory to the org; its path. */
export async function configure(
  name: string,
  { folder, redis }: Ground,
  directory: BenchDirectory,
  org: BenchOrg,
  database: string,
): Promise<string> {
  const file = join(folder, `${name}.yaml`);
  await writeFile(
    file,
    `profileApi: { url: "${org.url}", apiKey: ${org.apiKey}, pageSize: 1000, rateLimit: { max: 5000, per: 1s } }
sources:
  - id: people
    type: ldap
    url: ${directory.url}
    bindDn: ${directory.bindDn}
    password: ${directory.password}
    tls: { allowPlaintext: true }
    baseDn: ou=people,${directory.baseDn}
    schedule: { delta: "*/5 * * * *" }
mapping:
  email: mail
  username: uid
  name: cn
  first_name: givenName
  last_name: sn
  phone: telephoneNumber
  designation: title
  department: departmentNumber
database: { url: "${database}" }
redis: { url: "${redis.url}", prefix: "${randomUUID()}" }
`,
  );
  return file;
}

/** Makes links of a planned first load, as if it had been carried out and everybody's profile were called as they log in. */
export async function asIfCarriedOut(database: string, run: string): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO links (source_id, anchor, profile_id, email, label, employee_number, origin, applied, unkept)
       SELECT source_id, anchor, desired->>'username', email, label, employee_number, 'created', desired, '{}'
       FROM operations WHERE run_id = $1`,
      [run],
    );
    await client.query('DELETE FROM operations WHERE run_id = $1', [run]);
    await client.query("UPDATE runs SET state = 'rejected', ended_at = now() WHERE id = $1", [run]);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}
