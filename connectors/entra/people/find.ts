/** Reads single people by e-mail address, login or id, as a whole reading would show them. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { ReadRequest, Sighting } from '../../connector.ts';
import type { Answer } from '../graph/answer.ts';
import { askAll, type BatchPart } from '../graph/batch.ts';
import { GraphFailure } from '../graph/failures.ts';
import { createGroupReader } from './groups.ts';
import { createManagers } from './managers.ts';
import type { ReadingMeans } from './means.ts';
import { peopleOf, userOf } from './people.ts';
import { loginOrigin, refuseWithoutLeaveDates, selectionOf } from './selection.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const asked = { what: 'Looking for users by name', permission: 'User.Read.All' };

/** @throws {EntraError} when Graph can't be asked, or refuses */
export async function findUsers(
  means: ReadingMeans,
  names: readonly string[],
  request: ReadRequest,
): Promise<Sighting> {
  const { config, graph, patience, scope, reader } = means;
  const { signal } = request;
  const selection = selectionOf(config, request.attributes);
  refuseWithoutLeaveDates(config, selection, (await means.claims(signal))?.permissions);

  const parts = names.filter((name) => !guid.test(name)).flatMap((name) => searchesFor(name, config));
  const answers = parts.length === 0 ? [] : await askAll(graph, { ...asked, parts, signal }, patience);
  const ids = new Set([
    ...names.filter((name) => guid.test(name)).map((name) => name.toLowerCase()),
    ...answers.flatMap(idsIn),
  ]);
  const found = await reader.readByIds([...ids], selection, signal);
  const users = [...found.values()].flatMap((item) => userOf(item) ?? []);
  const membership = await scope?.check(
    users.map(({ id }) => id),
    signal,
  );
  const managers = createManagers(reader, selection.managerProperties, signal);
  const groups = request.groups === true ? createGroupReader(means, signal) : undefined;
  const identities = await peopleOf(config, selection, managers, membership, groups).identify(users);
  return { identities, skipped: [], incomplete: doubtIn(answers), groupsUnknown: groups?.doubt() };
}

/** One search for each property: where Graph can't search by one of them, the others are answered all the same. */
function searchesFor(name: string, config: EntraSourceConfig): readonly BatchPart[] {
  const text = name.replaceAll("'", "''");
  const filterBy = (property: string): string => {
    if (property === 'proxyAddresses') return `proxyAddresses/any(p:p eq 'smtp:${text}')`;
    if (property === 'otherMails') return `otherMails/any(p:p eq '${text}')`;
    return `${property} eq '${text}'`;
  };
  const login = loginOrigin(config);
  const ofLogin = login.kind === 'property' ? [login.property] : [];
  return [...new Set([...config.attributes.email, ...ofLogin])].map((property) => ({
    method: 'GET',
    address: `/users?$select=id&$filter=${encodeURIComponent(filterBy(property))}`,
  }));
}

function idsIn(answer: Answer): readonly string[] {
  const list: unknown = answer.kind === 'object' ? answer.body.value : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const id: unknown = Object(item).id;
    return typeof id === 'string' ? [id.toLowerCase()] : [];
  });
}

/** Why somebody may be there who was not found; undefined where every search was answered. */
function doubtIn(answers: readonly Answer[]): string | undefined {
  for (const answer of answers) {
    if (answer.kind === 'error') return `${new GraphFailure(asked, answer.error).problem}.`;
    if (answer.kind !== 'object' || !Array.isArray(answer.body.value))
      return `${asked.what}: an answer had no list of users.`;
  }
  return undefined;
}
