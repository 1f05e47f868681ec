/** The client for the profile API: what each of the sixteen endpoints is asked, and what its answer has to hold. */
import type { ProfileApiConfig } from '../../config/schema.ts';
import { addressesUnder, plainAddress } from './address.ts';
import { type Effect, notUnderstood, ProfileApiError } from './answer.ts';
import { csvContent, jsonContent } from './content.ts';
import { findList } from './find-list.ts';
import { findNewestProfiles } from './find-newest.ts';
import { isRecord } from './json-body.ts';
import { streamProfiles } from './list-profiles.ts';
import { openLookDepth } from './look-depth.ts';
import { parseProfile, parseUserId } from './parse-profile.ts';
import { encodePassword, generatePassword } from './password.ts';
import { type Patience, patient } from './patience.ts';
import type { AttributeValue, Profile, ProfileAttributes, ProfileId } from './profile.ts';
import type { ActiveUsers, ProfileApi, WriteAnswer } from './profile-api.ts';
import { pageReader, parseRows } from './read-page.ts';
import { tidy } from './server-sentence.ts';
import { type Call, createTransport, type Reply, type TransportOptions } from './transport.ts';

/** @throws {ProfileApiError} when the key cannot stand in a header, or the CA file cannot be read */
export function createProfileApi(
  config: ProfileApiConfig,
  options: TransportOptions & { readonly patience?: Patience } = {},
): ProfileApi {
  const addresses = addressesUnder(config.url);
  const { patience, ...transportOptions } = options;
  const impatient = createTransport(config, transportOptions);
  const transport = patience === undefined ? impatient : patient(impatient, patience);
  const readPage = pageReader(transport, addresses);
  const { listPath } = config;
  const depth = openLookDepth();

  const profileAddress = (id: ProfileId, what: string): URL => {
    try {
      return addresses.profile(id);
    } catch (error) {
      throw new ProfileApiError(
        {
          answer: { kind: 'bad-record', status: undefined, sentence: undefined },
          message: `Could not ${what}: ${tidy(String(id))} cannot be the id of a profile. Nothing was sent.`,
        },
        { cause: error },
      );
    }
  };

  const post = (call: Omit<Call, 'method' | 'effect'> & { effect?: Effect }) =>
    transport.send({ effect: 'write', ...call, method: 'POST' });

  const postJson = (what: string, address: URL, body: ProfileAttributes, signal?: AbortSignal) =>
    post({ what, address, content: jsonContent(body), signal }).then(writeAnswer);

  const readJson = async (what: string, address: URL, signal?: AbortSignal): Promise<AttributeValue> => {
    const call: Call = { what, method: 'GET', effect: 'read', address, signal };
    const reply = await transport.send(call);
    return jsonOf(reply, call);
  };

  const readProfile = async (what: string, address: URL, signal?: AbortSignal): Promise<Profile> => {
    const parsed = parseProfile(await readJson(what, address, signal));
    if (parsed.ok) return parsed.profile;
    throw complaint(
      { what, address, effect: 'read' },
      `the answer is no profile, ${parsed.row.reason}. Check profileApi.url.`,
    );
  };

  const activeUsersIn = (reply: Reply, call: Call): ActiveUsers => {
    const body = jsonOf(reply, call);
    if (isRecord(body) && 'profile_id' in body) return { ...parseRows([body]), total: undefined };
    const found = findList(body);
    if (!found.ok) throw complaint(call, found.complaint);
    return { ...parseRows(found.rows), total: found.total };
  };

  return {
    listPage: (asked) =>
      readPage({ size: config.pageSize, order: 'oldest-first', listPath, signal: undefined, ...asked }),

    listProfiles: (listOptions) =>
      streamProfiles(
        {
          readPage,
          readOwnProfile: (signal) =>
            readProfile("read the key's own profile", addresses.endpoint('getmyprofile'), signal),
          pageSize: config.pageSize,
          listPath,
        },
        listOptions,
      ),

    findNewest: (wanted, signal) =>
      findNewestProfiles(
        { readPage, listPath, pageSize: config.pageSize, url: plainAddress(addresses.list()), depth },
        wanted,
        signal,
      ),

    async create(attributes, { password = generatePassword(), signal } = {}) {
      const encoded = encodePassword(password);
      const reply = await post({
        what: `create a profile${named(attributes)}`,
        address: addresses.list(),
        content: jsonContent({ ...attributes, ...encoded }),
        secrets: [password, encoded.password, encoded.confirm_password],
        signal,
      });
      const answer = writeAnswer(reply);
      const userId = isRecord(answer.body) ? parseUserId(answer.body.user_id ?? answer.body.user) : undefined;
      return { ...answer, userId };
    },

    async get(id, signal) {
      const what = `read the profile ${id}`;
      const address = profileAddress(id, what);
      const profile = await readProfile(what, address, signal);
      if (profile.profileId === id) return profile;
      throw complaint({ what, address, effect: 'read' }, `the answer is the profile ${profile.profileId}.`);
    },

    async edit(id, attributes, signal) {
      const what = `edit the profile ${id}`;
      const address = profileAddress(id, what);
      const content = jsonContent({ ...attributes, profile_id: id });
      const reply = await transport.send({ what, method: 'PUT', effect: 'write', address, content, signal });
      const parsed = reply.body.kind === 'json' ? parseProfile(reply.body.value) : undefined;
      return parsed?.ok && parsed.profile.profileId === id ? parsed.profile : undefined;
    },

    async delete(id, signal) {
      const what = `delete the profile ${id}`;
      const address = profileAddress(id, what);
      await transport.send({ what, method: 'DELETE', effect: 'write', address, signal });
    },

    invite: (email, attributes = {}, signal) =>
      postJson(`invite ${tidy(email)}`, addresses.endpoint('user_invite'), { ...attributes, email }, signal),

    whoAmI: (signal) => readProfile("read the key's own profile", addresses.endpoint('getmyprofile'), signal),

    options: (signal) => readJson('read the options', addresses.endpoint('options'), signal),

    async activeUserList(signal) {
      const address = addresses.endpoint('activeuser_list');
      const call: Call = { what: 'list the active users', method: 'GET', effect: 'read', address, signal };
      return activeUsersIn(await transport.send(call), call);
    },

    async activeUsers(body = {}, signal) {
      const address = addresses.endpoint('active_users');
      const call: Call = {
        what: 'list the active users',
        method: 'POST',
        effect: 'read',
        address,
        content: jsonContent(body),
        signal,
      };
      return activeUsersIn(await transport.send(call), call);
    },

    validateCsv: async (file, signal) =>
      writeAnswer(
        await post({
          what: 'validate a CSV file',
          effect: 'read',
          address: addresses.endpoint('validate_csv'),
          content: await csvContent(file),
          secrets: file.secrets ?? [],
          signal,
        }),
      ),

    uploadCsv: async (file, signal) =>
      writeAnswer(
        await post({
          what: 'upload a CSV file',
          isReport: true,
          address: addresses.endpoint('upload_csv'),
          content: await csvContent(file),
          secrets: file.secrets ?? [],
          signal,
        }),
      ),

    async downloadCsv(signal) {
      const address = addresses.endpoint('download_csv');
      const what = 'download the users as CSV';
      const call: Call = { what, method: 'GET', effect: 'read', address, expects: 'file', signal };
      const { bytes, mediaType } = await transport.send(call);
      if (bytes.length === 0) throw complaint(call, 'the file is empty.');
      return { bytes, mediaType };
    },

    setPreference: (preference, signal) =>
      postJson("set the key's own preferences", addresses.endpoint('preference'), preference, signal),

    setMyProfile: (attributes, signal) =>
      postJson("edit the key's own profile", addresses.endpoint('myprofile'), attributes, signal),

    logout: (signal) => postJson("end the key's session", addresses.endpoint('logout'), {}, signal),

    close: () => transport.close(),
  };
}

function jsonOf(reply: Reply, call: Call): AttributeValue {
  if (reply.body.kind === 'json') return reply.body.value;
  throw complaint(call, 'the answer is empty. Check profileApi.url.');
}

function writeAnswer({ body }: Reply): WriteAnswer {
  if (body.kind !== 'json') return { message: undefined, body: undefined };
  const said = isRecord(body.value) ? (body.value.message ?? body.value.detail) : undefined;
  return { message: typeof said === 'string' ? tidy(said) : undefined, body: body.value };
}

function complaint(call: Pick<Call, 'what' | 'address' | 'effect'>, text: string): ProfileApiError {
  return notUnderstood(
    { what: call.what, url: plainAddress(call.address), effect: call.effect },
    undefined,
    text,
  );
}

function named(attributes: ProfileAttributes): string {
  const name = attributes.email ?? attributes.username;
  return typeof name === 'string' ? ` for ${tidy(name)}` : '';
}
