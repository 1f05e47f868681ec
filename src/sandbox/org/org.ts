/** The org's users with their indexes. It keeps ids, addresses and logins unique, and knows nothing of HTTP. */
import { Refusal } from './refusal.ts';
import { SortedUsers, type SortKey } from './sorted-users.ts';
import type { SandboxUser, UserRecord } from './user.ts';

export class Org {
  readonly #byId = new Map<string, UserRecord>();
  readonly #byEmail = new Map<string, UserRecord>();
  readonly #byUsername = new Map<string, UserRecord>();
  readonly #sorted = new SortedUsers();
  #sequence = 0;
  #lastUserId = 19;
  #activeCount = 0;

  get size(): number {
    return this.#byId.size;
  }

  get activeCount(): number {
    return this.#activeCount;
  }

  users(): IterableIterator<UserRecord> {
    return this.#byId.values();
  }

  sortedBy(key: SortKey): readonly UserRecord[] {
    return this.#sorted.by(key, this.#byId.values());
  }

  find(profileId: string): UserRecord | undefined {
    return this.#byId.get(profileId);
  }

  findByEmail(email: string): UserRecord | undefined {
    return this.#byEmail.get(email.toLowerCase());
  }

  /** @throws Refusal 404 */
  get(profileId: string): UserRecord {
    const user = this.#byId.get(profileId);
    if (user === undefined) throw new Refusal(404, 'User profile not found.');
    return user;
  }

  /** The next integer for `user`; never given twice, whatever is deleted. */
  takeUserId(): number {
    this.#lastUserId += 1;
    return this.#lastUserId;
  }

  /** @throws Refusal 400 where somebody else has the address (compared without regard to case) */
  requireFreeEmail(email: string, except?: UserRecord): void {
    const holder = this.findByEmail(email);
    if (holder !== undefined && holder !== except)
      throw new Refusal(400, 'A user with this email already exists.');
  }

  /** @throws Refusal 400 where the login is taken (compared without regard to case) */
  requireFreeUsername(username: string): void {
    if (this.#byUsername.has(username.toLowerCase()))
      throw new Refusal(400, 'A user with this username already exists.');
  }

  /** @throws Refusal 400 where the id, the address or the login is taken */
  add(user: SandboxUser): UserRecord {
    const { profile } = user;
    if (this.#byId.has(profile.profile_id)) throw new Refusal(400, 'A user with this id already exists.');
    if (profile.email !== null) this.requireFreeEmail(profile.email);
    this.requireFreeUsername(profile.actual_username);
    this.#sequence += 1;
    const record: UserRecord = { id: profile.profile_id, sequence: this.#sequence, current: user };
    this.#byId.set(record.id, record);
    if (profile.email !== null) this.#byEmail.set(profile.email.toLowerCase(), record);
    this.#byUsername.set(profile.actual_username.toLowerCase(), record);
    this.#lastUserId = Math.max(this.#lastUserId, profile.user);
    if (profile.is_active) this.#activeCount += 1;
    this.#sorted.added(record);
    return record;
  }

  /** Replaces what is known of a user; the caller keeps `profile_id`, `user`, `creation_time` and the login as they are.
   * @throws Refusal 400 where the new address is somebody else's */
  replace(record: UserRecord, next: SandboxUser): void {
    const before = record.current.profile;
    const { email, is_active: isActive } = next.profile;
    if (email !== before.email) {
      if (email !== null) this.requireFreeEmail(email, record);
      if (before.email !== null) this.#byEmail.delete(before.email.toLowerCase());
      if (email !== null) this.#byEmail.set(email.toLowerCase(), record);
      this.#sorted.emailChanged();
    }
    this.#activeCount += Number(isActive) - Number(before.is_active);
    record.current = next;
  }

  remove(record: UserRecord): void {
    const { email, actual_username: username, is_active: isActive } = record.current.profile;
    this.#byId.delete(record.id);
    if (email !== null) this.#byEmail.delete(email.toLowerCase());
    this.#byUsername.delete(username.toLowerCase());
    if (isActive) this.#activeCount -= 1;
    this.#sorted.removed();
  }
}
