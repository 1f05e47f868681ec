/** Looks for secrets wherever something is written down, and for people in the queue. */
import { Redis } from 'ioredis';
import { apiKey, type Scene } from './set-scene.ts';

/** A password on the wire is base64 twice: "Salted__" inside, behind 34 bytes. Its own text nobody knows. */
const encodedPassword = /U2FsdGVkX1|VTJGc2RHVmtYM|UyRnNkR1ZrWD|VMkZzZEdWa1gx/;
const personal = /@example\.org|@elsewhere\.example/;

export async function secretFindings(scene: Scene): Promise<readonly string[]> {
  const { cast, operator, look, ground } = scene;
  const tables = await everyRow(scene, 'public');
  const queue =
    ground.redis === undefined ? await everyRow(scene, 'bullmq') : await everyKey(ground.redis.url);
  const places = {
    'a log': cast.log().join('\n'),
    'an output': operator.printed.join('\n'),
    'a table': tables,
    'the queue': queue,
  };
  const secrets = [apiKey, ...ground.secrets].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ]);
  const found = Object.entries(places).flatMap(([place, text]) => [
    ...secrets.filter((secret) => text.includes(secret)).map(() => `A secret stands in ${place}.`),
    ...(encodedPassword.test(text) ? [`A password stands in ${place}.`] : []),
  ]);
  const known = await look.rows('SELECT count(*) AS count FROM links');
  if (Number(known[0]?.count) > 0 && !personal.test(tables))
    found.push('The search for secrets does not see the tables: there are links, but no address in any.');
  return personal.test(queue) ? [...found, 'The queue holds personal data.'] : found;
}

async function everyRow({ look }: Scene, schema: string): Promise<string> {
  const tables = await look.rows(
    `SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' ORDER BY tablename`,
  );
  const rows: unknown[] = [];
  for (const { tablename } of tables) rows.push(await look.rows(`SELECT * FROM ${schema}."${tablename}"`));
  return JSON.stringify(rows);
}

async function everyKey(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    const dumps: string[] = [];
    for (const key of await client.keys('*'))
      dumps.push(key, ((await client.dumpBuffer(key)) ?? Buffer.alloc(0)).toString('latin1'));
    return dumps.join('\n');
  } finally {
    client.disconnect();
  }
}
