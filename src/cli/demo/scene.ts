/** The demo's stage: a sandbox org, a sample directory in an LDIF file, and a configuration that joins them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { toLdif } from './ldif.ts';
import { type SamplePerson, sampleDirectory } from './sample-directory.ts';

export interface Scene {
  readonly folder: string;
  readonly configFile: string;
  /** Opens the console, and the API. */
  readonly token: string;
  readonly sandbox: Sandbox;
  readonly people: readonly SamplePerson[];
  /** Writes the directory anew, as an export by cron would. */
  publish(people: readonly SamplePerson[]): Promise<void>;
  close(): Promise<void>;
}

export async function setScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-demo-'));
  const configFile = join(folder, 'rollcall.yaml');
  const token = randomBytes(24).toString('base64url');
  const people = sampleDirectory();
  const sandbox = await startSandbox({ users: usersAlreadyThere(people) });
  let current: readonly SamplePerson[] = people;
  const publish = async (next: readonly SamplePerson[]): Promise<void> => {
    current = next;
    await writeFile(join(folder, 'people.ldif'), toLdif(next), { mode: 0o600 });
  };
  await publish(people);
  await writeFile(configFile, configText(sandbox, token), { mode: 0o600 });
  return {
    folder,
    configFile,
    token,
    sandbox,
    get people() {
      return current;
    },
    publish,
    async close() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One user of the org whom the directory knows, and one whom it doesn't: to be adopted, and to be left alone. */
function usersAlreadyThere(people: readonly SamplePerson[]) {
  const [first] = people;
  const guest = { email: 'guest.auditor@partner.example', username: 'guest.auditor', name: 'Guest Auditor' };
  if (first === undefined) return [guest];
  return [{ email: first.mail, username: first.mail, name: `${first.givenName} ${first.surname}` }, guest];
}

const configText = (
  { url, apiKey }: Sandbox,
  token: string,
): string => `# The demo's configuration. Yours will look much the same.
profileApi:
  url: ${url}
  apiKey: ${apiKey}
  rateLimit: { max: 500, per: 1s }
sources:
  - id: people
    type: ldif
    file: people.ldif
    active: user.employeeType != "left"
scope: has(user.mail)
mapping:
  email: mail
  username: mail
  name: cn
  first_name: givenName
  last_name: sn
  phone: telephoneNumber
  organization_role: title
  department: ou
  role: '"User"'
database: { path: store }
server:
  port: 0
  tokens: [{ name: demo, role: approver, token: ${token} }]
log: { level: silent }
`;
