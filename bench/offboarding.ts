/** How long it takes from HR's event to the verified deactivation, while everything else waits in a long queue. */
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { loadConfig } from '../config/index.ts';
import { toLdif } from '../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import { carryOutRun, type Engine, openEngine, startService } from '../src/engine/index.ts';
import { startSandbox } from '../src/sandbox/index.ts';
import { startServer } from '../src/server/server.ts';
import { standingDepartures } from '../src/store/departures/departures.ts';
import type { BenchCase } from './case.ts';
import { layGround, planRun } from './ground.ts';
import type { Standing } from './measure.ts';

const leavers = 200;
/** Each takes three of the 50 requests a second. */
const perSecond = 4;

export const offboarding: BenchCase = {
  name: 'offboarding',
  title: `From HR's event to the verified deactivation of ${leavers} people, with so many creations queued and 50 requests/s (sandbox with 10 ms latency, PostgreSQL, Redis)`,
  people: 100_000,
  async run({ people }) {
    await using closing = new AsyncDisposableStack();
    const { folder, postgres, redis } = await layGround(closing);
    const sandbox = await startSandbox({ latencyMs: 10 });
    closing.defer(() => sandbox.close());
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const all = sampleDirectory({ people: leavers + people });
    const publish = (some: typeof all) => writeFile(join(folder, 'people.ldif'), toLdif(some));

    const open = async (rate: string): Promise<Engine> => {
      const file = join(folder, 'rollcall.yaml');
      await writeFile(
        file,
        `profileApi: { url: "${sandbox.url}", apiKey: ${sandbox.apiKey}, rateLimit: ${rate} }
sources: [{ id: people, type: ldif, file: people.ldif }]
backup: off
guards: { maxDeactivations: { count: ${leavers} } }
webhooks: { offboarding: { secrets: [ "${secret}" ] } }
server: { port: 0 }
database: { url: "${database}" }
redis: { url: "${redis.url}", prefix: "${prefix}" }
`,
      );
      return await openEngine(await loadConfig({ file, env: {} }), pino({ level: 'error' }));
    };
    const database = await postgres.createDatabase();
    const prefix = randomUUID();

    await publish(all.slice(0, leavers));
    const first = await open('{ max: 5000, per: 1s }');
    await carryOutRun(
      first,
      await planRun(first, AbortSignal.timeout(1_200_000)),
      AbortSignal.timeout(600_000),
    );
    await first.close();

    await publish(all);
    const engine = await open('{ max: 50, per: 1s }');
    closing.defer(() => engine.close());
    await planRun(engine, AbortSignal.timeout(1_200_000));
    await engine.dispatcher.dispatchDue();
    const server = await startServer(engine, { roles: [] });
    closing.defer(() => server.close());
    const service = await startService(engine, ['scheduler', 'worker']);
    closing.defer(() => service.stop());
    await sleep(5_000);

    const signer = new Webhook(secret);
    for (const { mail } of all.slice(0, leavers)) {
      void send(`${server.url}/hooks/offboarding`, signer, mail);
      // As chance has it, and not in step with anything.
      await sleep((-Math.log(1 - Math.random()) * 1_000) / perSecond);
    }
    return figures(await verified(engine));
  },
};

async function send(url: string, signer: Webhook, email: string): Promise<void> {
  const [id, at] = [randomUUID(), new Date()];
  const body = JSON.stringify({ type: 'person.left', data: { who: { email } } });
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signer.sign(id, at, body),
  };
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`${email}: ${answer.status} ${await answer.text()}`);
}

/** Milliseconds since the event's arrival, as the store has them. */
interface Took {
  readonly released: number;
  readonly deactivated: number;
  readonly verified: number;
}

/** How long each took. */
async function verified(engine: Engine): Promise<readonly Took[]> {
  const sources = engine.sources.map(({ id }) => id);
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(500)) {
    const departures = await standingDepartures(engine.store.db, sources);
    const took = departures.flatMap(({ arrivedAt, actedAt, deactivatedAt, verifiedAt }) =>
      actedAt === undefined || deactivatedAt === undefined || verifiedAt === undefined
        ? []
        : [
            {
              released: actedAt.getTime() - arrivedAt.getTime(),
              deactivated: deactivatedAt.getTime() - arrivedAt.getTime(),
              verified: verifiedAt.getTime() - arrivedAt.getTime(),
            },
          ],
    );
    if (took.length === leavers) return took;
  }
  throw new Error('Not everybody was verified as inactive within two minutes.');
}

const quantiles = { p50: 0.5, p90: 0.9, p99: 0.99, longest: 1 };

function figures(took: readonly Took[]): readonly Standing[] {
  const quantile = (step: keyof Took, share: number): number => {
    const sorted = took.map((one) => one[step]).sort((one, other) => one - other);
    return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  };
  const standing = (name: string, wallMs: number): Standing => {
    return { name, wallMs, cpuMs: 0, ratio: wallMs / quantile('verified', 0.5), cpuRatio: 1 };
  };
  return [
    standing('p99 until released', quantile('released', 0.99)),
    standing('p99 until deactivated', quantile('deactivated', 0.99)),
    ...Object.entries(quantiles).map(([name, share]) =>
      standing(`${name} until verified`, quantile('verified', share)),
    ),
  ];
}
