/** Creates people with got alone, with looks for the new profiles' ids, evenly among the creations: see first-load.ts. */
import { Agent } from 'node:http';
import got from 'got';
import { z } from 'zod';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import { encodePassword } from '../src/profile-api/password.ts';
import { printMeasured } from './measure.ts';

const given = z.object({
  url: z.string(),
  apiKey: z.string(),
  people: z.number(),
  atOnce: z.number(),
  /** How many in all: as many as people, or fewer. */
  looks: z.number(),
});
const { url, apiKey, people, atOnce, looks } = given.parse(JSON.parse(process.argv[2] ?? '{}'));

const client = got.extend({
  agent: { http: new Agent({ keepAlive: true }) },
  headers: { authorization: apiKey },
  retry: { limit: 0 },
});
const list = `${url}/ux/common/user/profile/`;
const newest = `${list}?items_per_page=25&page=1&sort=creation_time&reverse=true`;
const password = encodePassword('As-Good-As-Any-1');

await printMeasured(async () => {
  const waiting = sampleDirectory({ people }).values();
  let looksDue = 0;
  const work = async (): Promise<void> => {
    for (const { uid, mail, givenName, surname } of waiting) {
      const name = `${givenName} ${surname}`;
      const body = { email: mail, username: uid, name, first_name: givenName, is_active: true, ...password };
      await client.post(list, { json: body }).json();
      looksDue += looks / people;
      if (looksDue < 1) continue;
      looksDue -= 1;
      await client.get(newest).json();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
});
