/** The people, groups and applications of an emulated tenant, and the log of their changes that delta queries read. */
import { randomUUID } from 'node:crypto';

export type Properties = Readonly<Record<string, unknown>>;

export interface EmulatedUser {
  readonly id: string;
  properties: Properties;
  /** Properties that had a value once: an answer shows them as null, and leaves out what was never set. */
  readonly everSet: Set<string>;
  manager: string | undefined;
  state: 'live' | 'soft-deleted' | 'gone';
}

export type MemberType = 'user' | 'group';

export interface EmulatedGroup {
  readonly id: string;
  readonly displayName: string;
  readonly members: Map<string, MemberType>;
}

/** One line of the log. */
export type Change =
  | { readonly of: 'user'; readonly id: string; readonly kind: 'created' | 'restored' }
  | {
      readonly of: 'user';
      readonly id: string;
      readonly kind: 'edited';
      readonly properties: readonly string[];
    }
  | { readonly of: 'user'; readonly id: string; readonly kind: 'soft-deleted' | 'deleted' }
  | {
      readonly of: 'group' | 'unit';
      readonly id: string;
      readonly kind: 'joined' | 'left';
      readonly member: string;
      readonly type: MemberType;
    };

export interface Assignment {
  readonly principalId: string;
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal';
}

/** Where reads are older than the change stream, as on a replica that lags behind. */
type Replica = Map<string, EmulatedUser | undefined>;

export class Directory {
  readonly users = new Map<string, EmulatedUser>();
  readonly groups = new Map<string, EmulatedGroup>();
  readonly units = new Map<string, EmulatedGroup>();
  /** Service principals by application id. */
  readonly applications = new Map<string, { readonly id: string; readonly assignments: Assignment[] }>();
  readonly log: Change[] = [];
  /** The change stream tells nothing beyond this place, as a delta that lags behind. */
  heldAt: number | undefined;
  readonly #replica: Replica = new Map();

  addUser(properties: Properties = {}, id: string = randomUUID()): EmulatedUser {
    const name =
      typeof properties.displayName === 'string' ? properties.displayName : `Person ${id.slice(0, 8)}`;
    const login = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@contoso.example`;
    const all = {
      displayName: name,
      userPrincipalName: login,
      mail: login,
      accountEnabled: true,
      userType: 'Member',
      createdDateTime: '2024-01-01T00:00:00Z',
      ...properties,
    };
    const user: EmulatedUser = {
      id,
      properties: all,
      everSet: new Set(Object.keys(all)),
      manager: undefined,
      state: 'live',
    };
    this.users.set(id, user);
    this.log.push({ of: 'user', id, kind: 'created' });
    return user;
  }

  editUser(id: string, changes: Properties): void {
    const user = this.#user(id);
    user.properties = { ...user.properties, ...changes };
    for (const name of Object.keys(changes)) user.everSet.add(name);
    this.log.push({ of: 'user', id, kind: 'edited', properties: Object.keys(changes) });
  }

  setManager(id: string, manager: string | undefined): void {
    this.#user(id).manager = manager;
    this.log.push({ of: 'user', id, kind: 'edited', properties: ['manager'] });
  }

  /** Deletes somebody for 30 days. Memberships stay. */
  softDelete(id: string): void {
    this.#user(id).state = 'soft-deleted';
    this.log.push({ of: 'user', id, kind: 'soft-deleted' });
  }

  restore(id: string): void {
    this.#user(id).state = 'live';
    this.log.push({ of: 'user', id, kind: 'restored' });
  }

  hardDelete(id: string): void {
    this.#user(id).state = 'gone';
    for (const one of [...this.groups.values(), ...this.units.values()]) one.members.delete(id);
    this.log.push({ of: 'user', id, kind: 'deleted' });
  }

  addGroup(displayName: string, id: string = randomUUID()): EmulatedGroup {
    const group = { id, displayName, members: new Map<string, MemberType>() };
    this.groups.set(id, group);
    return group;
  }

  addUnit(displayName: string): EmulatedGroup {
    const unit = { id: randomUUID(), displayName, members: new Map<string, MemberType>() };
    this.units.set(unit.id, unit);
    return unit;
  }

  addApplication(appId: string = randomUUID()): { readonly appId: string; readonly id: string } {
    const id = randomUUID();
    this.applications.set(appId, { id, assignments: [] });
    return { appId, id };
  }

  assign(appId: string, principalId: string, principalType: Assignment['principalType']): void {
    this.applications.get(appId)?.assignments.push({ principalId, principalType });
  }

  unassign(appId: string, principalId: string): void {
    const assignments = this.applications.get(appId)?.assignments ?? [];
    const at = assignments.findIndex((one) => one.principalId === principalId);
    if (at >= 0) assignments.splice(at, 1);
  }

  join(container: EmulatedGroup, member: string): void {
    const type: MemberType = this.groups.has(member) ? 'group' : 'user';
    container.members.set(member, type);
    this.log.push({ of: this.#kindOf(container), id: container.id, kind: 'joined', member, type });
  }

  leave(container: EmulatedGroup, member: string): void {
    const type = container.members.get(member) ?? 'user';
    container.members.delete(member);
    this.log.push({ of: this.#kindOf(container), id: container.id, kind: 'left', member, type });
  }

  /** From now on, reads of this person show what is true at this moment, until the replica has caught up. */
  letReadsLag(id: string): void {
    const user = this.users.get(id);
    this.#replica.set(id, user === undefined ? undefined : { ...user, everSet: new Set(user.everSet) });
  }

  letReadsCatchUp(): void {
    this.#replica.clear();
  }

  /** A person as reads show them, whatever their state. */
  read(id: string): EmulatedUser | undefined {
    return this.#replica.has(id) ? this.#replica.get(id) : this.users.get(id);
  }

  /** A group's members of all levels; a circle of groups ends where it began. */
  transitiveMembers(group: EmulatedGroup): ReadonlyMap<string, MemberType> {
    const found = new Map<string, MemberType>();
    const waiting = [group];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const [id, type] of next.members) {
        if (found.has(id)) continue;
        found.set(id, type);
        const nested = this.groups.get(id);
        if (nested !== undefined) waiting.push(nested);
      }
    }
    return found;
  }

  get now(): number {
    return Math.min(this.log.length, this.heldAt ?? Number.MAX_SAFE_INTEGER);
  }

  #kindOf(container: EmulatedGroup): 'group' | 'unit' {
    return this.units.has(container.id) ? 'unit' : 'group';
  }

  #user(id: string): EmulatedUser {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`The emulated tenant has nobody with the id ${id}.`);
    return user;
  }
}
