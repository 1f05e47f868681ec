/** The profile API as a caller sees it: its sixteen endpoints, and the two ways of finding somebody in it. */
import type { ProfileApiError } from './answer.ts';
import type { CsvFile } from './content.ts';
import type { Sighting, Wanted } from './find-newest.ts';
import type { ListEvent, ListOptions } from './list-profiles.ts';
import type { AttributeValue, Profile, ProfileAttributes, ProfileId, UserId } from './profile.ts';
import type { PageAnswer, PageAsked, ProfileRows } from './read-page.ts';

/** What a write answered beside its success. */
export interface WriteAnswer {
  /** The server's own words, such as `user created`. */
  readonly message: string | undefined;
  /** The whole JSON body, where there was one. */
  readonly body: AttributeValue | undefined;
}

export interface CreateAnswer extends WriteAnswer {
  /** Not a {@link ProfileId}: find the profile with {@link ProfileApi.findNewest}. */
  readonly userId: UserId | undefined;
}

/** Users whom the server counts as active. */
export interface ActiveUsers extends ProfileRows {
  /** How many there are, if the answer says so. More than came: the answer is only its first page. */
  readonly total: number | undefined;
}

/** A file as the API sent it. */
export interface DownloadedFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string | undefined;
}

/**
 * Every method throws {@link ProfileApiError} for everything but a success, and the signal's reason where it is aborted
 * before a write can have had an effect. No method repeats a write; reads are tried again as often as `patience` says.
 * The key is in no error.
 */
export interface ProfileApi {
  /** `GET /`: one page of the org's users. For all of them use {@link ProfileApi.listProfiles}. */
  listPage(asked: Pick<PageAsked, 'page'> & Partial<PageAsked>): Promise<PageAnswer>;
  /** Every user of the org, each once, page by page; the last event says how far it can be relied on. */
  listProfiles(options?: ListOptions): AsyncGenerator<ListEvent>;
  /** Those created a moment ago, by `user` or else by e-mail, in one look for all of them: a sighting for each, in their order. */
  findNewest(wanted: readonly Wanted[], signal?: AbortSignal): Promise<readonly Sighting[]>;
  /**
   * `POST /`: a new user. The password is encoded for the wire; without one, a random one is made that nobody learns.
   * `password` and `confirm_password` among the attributes are overridden.
   */
  create(
    attributes: ProfileAttributes,
    options?: { readonly password?: string; readonly signal?: AbortSignal },
  ): Promise<CreateAnswer>;
  /** `GET /{id}/`. A profile that does not exist is a {@link ProfileApiError} of kind `not-found`. */
  get(id: ProfileId, signal?: AbortSignal): Promise<Profile>;
  /**
   * `PUT /{id}/`, which replaces: give all that {@link ProfileApi.get} returned, with the changes made.
   * @returns the profile as the server shows it now, if it answers with one. Read-only attributes are ignored by the
   *   server without a word, so compare
   */
  edit(id: ProfileId, attributes: ProfileAttributes, signal?: AbortSignal): Promise<Profile | undefined>;
  /** `DELETE /{id}/`: gone for good. Leavers are deactivated by {@link ProfileApi.edit} instead. */
  delete(id: ProfileId, signal?: AbortSignal): Promise<void>;
  /** `POST user_invite/`: sends a mail each time it is called. The role goes among the attributes. */
  invite(email: string, attributes?: ProfileAttributes, signal?: AbortSignal): Promise<WriteAnswer>;
  /** `GET getmyprofile/`: the account that the key belongs to. */
  whoAmI(signal?: AbortSignal): Promise<Profile>;
  /** `GET options/`: the choices that the server knows (roles, time zones, ...), in no documented shape. */
  options(signal?: AbortSignal): Promise<AttributeValue>;
  /** `GET activeuser_list/`: who is active. */
  activeUserList(signal?: AbortSignal): Promise<ActiveUsers>;
  /** `POST active_users/`: the same, where the server wants a POST. */
  activeUsers(body?: ProfileAttributes, signal?: AbortSignal): Promise<ActiveUsers>;
  /** `POST validate_csv/`: checks a file of users without storing it. Untested against the vendor's server. */
  validateCsv(file: CsvFile, signal?: AbortSignal): Promise<WriteAnswer>;
  /** `POST upload_csv/`: stores a file of users. Untested against the vendor's server. */
  uploadCsv(file: CsvFile, signal?: AbortSignal): Promise<WriteAnswer>;
  /** `GET download_csv/`: the org as a file, of whatever format the server gives; never empty, never a web page. */
  downloadCsv(signal?: AbortSignal): Promise<DownloadedFile>;
  /** `POST preference/`: of the key's own account. */
  setPreference(preference: ProfileAttributes, signal?: AbortSignal): Promise<WriteAnswer>;
  /** `POST myprofile/`: the key's own account. */
  setMyProfile(attributes: ProfileAttributes, signal?: AbortSignal): Promise<WriteAnswer>;
  /** `POST logout/`: ends the key's session. Any request after it may be refused. */
  logout(signal?: AbortSignal): Promise<WriteAnswer>;
  /** Closes the connections kept alive. */
  close(): void;
}
