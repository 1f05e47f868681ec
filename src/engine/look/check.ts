/** Tries out everything that a run needs, each part by itself, so that one failure hides no other. Changes nothing. */
import type { LoadedConfig, NotifyConfig } from '../../../config/index.ts';
import { openConnector, type ProbeFinding } from '../../../connectors/index.ts';
import { auditBreak, verifyNewEntries } from '../../audit/index.ts';
import type { Rules, SourceId } from '../../identity/index.ts';
import { probeChannels } from '../../notify/index.ts';
import { checkedAttributes, pauseInWords, unknownWords, vocabularyOf } from '../../plan/index.ts';
import { createProfileApi, type ProfileApi } from '../../profile-api/index.ts';
import { openQueueBackend } from '../../queue/index.ts';
import { maintenanceAt } from '../../schedule/index.ts';
import { channelTroubles } from '../../store/incidents/alerts.ts';
import { migrate, openStore, type Store } from '../../store/index.ts';
import { unkeptOf } from '../../store/people/links.ts';
import { pauses } from '../../store/service/pauses.ts';
import { quarantines } from '../../store/sources/quarantines.ts';
import { rulesOf } from '../rules.ts';
import { sampleFindings } from './check-samples.ts';

/** One part of the installation, and what was found about it. */
export interface CheckedPart {
  readonly part: string;
  readonly findings: readonly ProbeFinding[];
}

/** @throws {ConfigError} for mistakes in the rules: without them, nothing else can be tried */
export async function* checkAll(loaded: LoadedConfig, signal: AbortSignal): AsyncGenerator<CheckedPart> {
  const rules = rulesOf(loaded);
  yield {
    part: 'configuration',
    findings: [
      good(`${loaded.file} is valid.`),
      ...maintenanceFindings(loaded.config.maintenance, new Date()),
      ...loaded.warnings.map(bad),
    ],
  };
  for (const [index, source] of loaded.config.sources.entries()) {
    const compiled = rules[index];
    if (compiled !== undefined)
      yield { part: `source ${source.id}`, findings: await checkSource(source, compiled, signal) };
  }
  yield { part: 'profile API', findings: await checkProfileApi(loaded, rules, signal) };
  yield { part: 'store and queue', findings: await checkStoreAndQueue(loaded) };
  const { notify } = loaded.config;
  if (Object.keys(notify.channels).length > 0)
    yield { part: 'alerts', findings: await checkChannels(notify, signal) };
}

function maintenanceFindings(
  windows: LoadedConfig['config']['maintenance'],
  now: Date,
): readonly ProbeFinding[] {
  if (windows.length === 0) return [];
  const { current, next } = maintenanceAt(windows, now);
  if (current !== undefined && current.until === undefined)
    return [
      {
        ok: false,
        text: 'The maintenance windows leave no time at all for a month: nothing would be written to the org.',
        mend: 'Make one of the windows under maintenance shorter.',
      },
    ];
  const until = current?.until;
  return [
    ...(until === undefined
      ? []
      : [good(`A maintenance window is in force until ${until.toISOString()}: operations wait.`)]),
    ...(next === undefined
      ? []
      : [good(`The next maintenance window begins at ${next.from.toISOString()}.`)]),
  ];
}

const good = (text: string): ProbeFinding => ({ ok: true, text, mend: undefined });
const bad = (text: string): ProbeFinding => ({ ok: false, text, mend: undefined });
const failure = (error: unknown): ProbeFinding => bad(error instanceof Error ? error.message : String(error));

/** Connects, signs in, reads a few people, and says what the rules make of them. Changes nothing. */
export async function checkSource(
  source: LoadedConfig['config']['sources'][number],
  rules: Rules,
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  const connector = await openConnector(source);
  try {
    const findings = await connector.probe({
      attributes: rules.attributes,
      groups: rules.usesGroups,
      signal,
    });
    return [...findings, ...(await sampleFindings(connector, rules, new Date(), signal))];
  } catch (error) {
    return [failure(error)];
  } finally {
    await connector.close();
  }
}

async function checkProfileApi(
  { config }: LoadedConfig,
  rules: readonly Rules[],
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  let api: ProfileApi | undefined;
  const findings: ProbeFinding[] = [];
  try {
    api = createProfileApi(config.profileApi);
    const own = await api.whoAmI(signal);
    findings.push(
      good(`The key is that of ${own.email ?? own.profileId}, whose account Rollcall will never change.`),
    );
    const page = await api.listPage({ page: 1, signal });
    findings.push(listFinding(page));
    findings.push(...(await checkWords(api, rules, config.lifecycle.invite.role, signal)));
  } catch (error) {
    findings.push(failure(error));
  } finally {
    api?.close();
  }
  return findings;
}

function listFinding(page: Awaited<ReturnType<ProfileApi['listPage']>>): ProbeFinding {
  if (page.kind === 'past-the-end')
    return bad("The org's user list is empty, although the key's own account is in the org.");
  const total = page.total === undefined ? 'no total given' : `${page.total} in all`;
  return good(`The org's user list can be read: ${page.profiles.length} users on the first page, ${total}.`);
}

/** Whether what the configuration names for everybody exists in the org: roles, time zones, dashboards. */
async function checkWords(
  api: ProfileApi,
  rules: readonly Rules[],
  inviteRole: string | undefined,
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  const named = [
    ...(inviteRole === undefined
      ? []
      : [{ attribute: 'role', value: inviteRole, rule: 'lifecycle.invite.role' }]),
    ...checkedAttributes.flatMap((attribute) =>
      [...new Set(rules.map(({ constants }) => constants[attribute]))]
        .filter((value) => value !== undefined && value !== '')
        .map((value) => ({ attribute, value: String(value), rule: `mapping.${attribute}` })),
    ),
  ];
  if (named.length === 0) return [];
  const vocabulary = await vocabularyOf(api, signal);
  return named.map(({ attribute, value, rule }) => {
    if (!vocabulary.has(attribute))
      return bad(
        `Whether the ${attribute} ${value} of ${rule} exists is not known: the org does not list them.`,
      );
    const [unknown] = unknownWords({ [attribute]: value }, vocabulary);
    if (unknown === undefined) return good(`The ${attribute} ${value} exists in the org.`);
    return {
      ok: false,
      text: `The ${attribute} ${value} does not exist in the org, which knows ${unknown.known}.`,
      mend: `Make it in the org, or mend ${rule}.`,
    };
  });
}

async function checkStoreAndQueue({ config }: LoadedConfig): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  const onError = (): void => undefined;
  try {
    const store = await openStore(config.database, { onError });
    try {
      await migrate(store.db);
      findings.push(
        good(
          store.kind === 'embedded'
            ? 'The embedded store can be opened.'
            : 'PostgreSQL answers, and its tables are up to date.',
        ),
      );
      findings.push(
        ...(await pauseFindings(store.db)),
        ...(await quarantineFindings(store.db)),
        await auditFinding(store.db),
        ...(await unkeptFindings(store.db, config)),
        ...(await undelivered(store.db, config)),
      );
      const backend = await openQueueBackend(config, store, { onError });
      try {
        await backend.ping();
        findings.push(good(backend.kind === 'redis' ? 'Redis answers.' : 'The queue is in the database.'));
      } finally {
        await backend.close(true);
      }
    } finally {
      await store.close();
    }
  } catch (error) {
    findings.push(failure(error));
  }
  return findings;
}

async function pauseFindings(db: Store['db']): Promise<readonly ProbeFinding[]> {
  return (await pauses(db)).map((pause) => {
    const { source, actor } = pause;
    const option = source === undefined ? '' : ` --source ${source}`;
    return {
      ok: false,
      text: `${source === undefined ? 'Execution' : `The source ${source}`} is ${pauseInWords(pause)}`,
      mend:
        actor === undefined
          ? 'Mend profileApi.apiKey; it goes on by itself once the key is accepted.'
          : `When that is over: \`rollcall resume${option} --reason "..."\`.`,
    };
  });
}

async function quarantineFindings(db: Store['db']): Promise<readonly ProbeFinding[]> {
  return [...(await quarantines(db)).values()].map(({ source, since, reason }) => ({
    ok: false,
    text: `The source ${source} is in quarantine since ${since.toISOString()}, and removes nobody: ${reason}`,
    mend: `Mend that; then a whole reading ends it: \`rollcall resync --source ${source}\`.`,
  }));
}

async function checkChannels(notify: NotifyConfig, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  return (await probeChannels(notify, signal)).map(({ channel, ok, text }) => ({
    ok,
    text: `${channel}: ${text}`,
    mend: ok
      ? undefined
      : `Mend notify.channels.${channel}; \`rollcall notify test ${channel}\` sends a message.`,
  }));
}

/** Channels that don't take what they are to tell. */
async function undelivered(
  db: Store['db'],
  { notify }: LoadedConfig['config'],
): Promise<readonly ProbeFinding[]> {
  return (await channelTroubles(db, Object.keys(notify.channels))).map(
    ({ channel, waiting, since, trouble }) => ({
      ok: false,
      text: `The channel ${channel} has not taken ${waiting} of its messages, the oldest of ${since.toISOString()}: ${trouble}`,
      mend: `\`rollcall notify test ${channel}\` tries it out; what waits is sent for a day.`,
    }),
  );
}

/** Attributes that the org takes and does not keep as they were sent: no error, but nobody should be surprised. */
async function unkeptFindings(
  db: Store['db'],
  { sources }: LoadedConfig['config'],
): Promise<readonly ProbeFinding[]> {
  const findings = sources.map(async ({ id }) =>
    Object.entries(await unkeptOf(db, id as SourceId)).map(([name, count]) =>
      good(
        `The org did not keep ${name} as it was sent for ${count} of the people of ${id}; it is not tried again until the value changes. If it never shall be, take mapping.${name} out, or map it to what the org shows.`,
      ),
    ),
  );
  return (await Promise.all(findings)).flat();
}

/** Looks at what is new in the audit log; a break that was found before stays one until a whole verification lifts it. */
async function auditFinding(db: Store['db']): Promise<ProbeFinding> {
  await verifyNewEntries(db);
  const broken = await auditBreak(db);
  if (broken === undefined) return good('The audit log is whole, as far as it was verified.');
  return {
    ok: false,
    text: `The audit log is broken at entry ${broken.at}: ${broken.sentence}`,
    mend: 'Compare it with an export or a backup. `rollcall audit verify` looks at all of it again.',
  };
}
