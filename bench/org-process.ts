/** An org with everybody of the bench directory in it, in a process of its own: what to reach it by is what it prints. */
import { type NewUser, startSandbox } from '../src/sandbox/index.ts';
import { personAt } from './people.ts';

function* users(people: number): Generator<NewUser> {
  for (let index = 0; index < people; index += 1) {
    const { uid, mail, cn } = personAt(index);
    yield { profile_id: uid, username: uid, email: mail, name: cn };
  }
}

const { url, apiKey } = await startSandbox({ users: users(Number(process.argv[2])) });
process.stdout.write(`${JSON.stringify({ url, apiKey })}\n`);
