/** An installation whose alerts go to receivers of this test, looked at when the test says so. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pino from 'pino';
import { createNotifier, type Notifier } from '../../src/notify/index.ts';
import { until } from '../e2e/stage.ts';
import { type Installation, type InstallationOptions, install } from '../engine/installation.ts';
import { type PostBox, startPostBox } from '../servers/post-box.ts';

export interface AlertStage extends AsyncDisposable {
  readonly here: Installation;
  readonly box: PostBox;
  readonly log: readonly string[];
  /** As another process would have one. */
  notifier(): Notifier;
  /** Looks once, and waits until everything that is due has been tried. @returns what has come, such as `opened run-failed` */
  look(): Promise<readonly string[]>;
  /** Titles, sentences and commands of the last message. */
  last(): Told;
}

export interface Told {
  readonly type: string;
  readonly data: {
    readonly event: string;
    readonly title: string;
    readonly link: string | null;
    readonly incidents: readonly {
      readonly subject: string;
      readonly sentence: string;
      readonly commands: readonly string[];
    }[];
  };
}

/** @param more - keys of `notify`, as YAML, in place of those here; `events` are those of the one channel */
export async function setAlertStage(
  options: InstallationOptions = {},
  { events, ...more }: Readonly<Record<string, string>> = {},
): Promise<AlertStage> {
  const box = await startPostBox();
  const wanted = events === undefined ? '' : `, events: ${events}`;
  const keys = {
    channels: `{ ops: { type: webhook, webhookUrl: "${box.url}"${wanted} } }`,
    ...{ groupFor: '0s', baseUrl: 'https://rollcall.example.com' },
    ...more,
  };
  const notify = `{ ${Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
  const here = await install({ ...options, config: { ...options.config, notify } });
  const { store, config, sources } = here.engine;
  const log: string[] = [];
  const opened: Notifier[] = [];
  const notifier = (): Notifier => {
    const one = createNotifier(
      {
        ...{ db: store.db, owner: randomUUID(), config: config.notify, sources: sources.map(({ id }) => id) },
        ...{ log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }) },
        now: () => new Date(),
      },
      0,
    );
    opened.push(one);
    return one;
  };
  const first = notifier();

  return {
    here,
    box,
    log,
    notifier,
    async look() {
      const { length } = box.posted;
      await first.tick();
      await until(() => isIdle(here), Boolean, 20_000);
      return box.posted.slice(length).map(({ body }) => {
        const { type, data } = JSON.parse(body) as Told;
        return `${type.replace('alert.', '')} ${data.event}`;
      });
    },
    last: () => JSON.parse(box.posted.at(-1)?.body ?? '') as Told,
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one.stop();
      await here[Symbol.asyncDispose]();
      await box.stop();
    },
  };
}

/** Whether nothing is being sent, or to be sent at once. */
async function isIdle({ engine }: Installation): Promise<boolean> {
  const firstOfEach = await engine.store.db
    .selectFrom('alerts')
    .distinctOn('channel')
    .select(['lease_owner', sql<boolean>`not_before > now()`.as('is_later')])
    .where('ended_at', 'is', null)
    .orderBy('channel')
    .orderBy('seq')
    .execute();
  return firstOfEach.every(({ lease_owner: owner, is_later: isLater }) => owner === null && isLater);
}
