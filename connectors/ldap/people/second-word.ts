/** An absence is confirmed on a second server, where there is one: a replica may lag behind, or have lost a branch. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { Anchor } from '../../../src/identity/identity.ts';
import type { Presence } from '../../connector.ts';
import { SourceError } from '../../source-error.ts';
import { withFirst } from '../server/servers.ts';

type Answers = ReadonlyMap<Anchor, Presence>;
type LookUpOn = (server: LdapSourceConfig, anchors: readonly Anchor[]) => Promise<Answers>;

/**
 * Looks everybody up on the first server that answers, and those who are absent there on another one too. Where no
 * other one answers, their absence is unknown.
 *
 * @throws {SourceError} where not even one answers.
 */
export async function lookUpOnTwo(
  servers: readonly LdapSourceConfig[],
  lookUpOn: LookUpOn,
  anchors: readonly Anchor[],
  passOver: (server: LdapSourceConfig, error: SourceError) => void,
): Promise<Answers> {
  const first = await withFirst(
    servers,
    async (server) => ({ server, answers: await lookUpOn(server, anchors) }),
    passOver,
  );
  const absent = anchors.filter((anchor) => first.answers.get(anchor)?.kind === 'absent');
  const others = servers.filter((server) => server !== first.server);
  if (absent.length === 0 || others.length === 0) return first.answers;

  const second = await askAnother(others, lookUpOn, absent, passOver);
  return new Map([...first.answers, ...second]);
}

async function askAnother(
  others: readonly LdapSourceConfig[],
  lookUpOn: LookUpOn,
  absent: readonly Anchor[],
  passOver: (server: LdapSourceConfig, error: SourceError) => void,
): Promise<Answers> {
  try {
    return await withFirst(others, (server) => lookUpOn(server, absent), passOver);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const reason = `The absence could not be confirmed on a second server. ${error.message}`;
    return new Map(absent.map((anchor) => [anchor, { kind: 'unknown', reason }]));
  }
}
