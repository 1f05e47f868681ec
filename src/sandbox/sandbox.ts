/** Starts a sandbox, and gives tests and demos their hands on it. */
import type { RequestCounts } from './api/operations.ts';
import type { FaultRequest } from './faults/fault.ts';
import type { FaultHandle } from './faults/fault-book.ts';
import type { SandboxOptions } from './options.ts';
import { addByHand, editByHand, type HandEdit, removeByHand } from './org/by-hand.ts';
import type { NewUser } from './org/create-user.ts';
import type { Invitation } from './org/invitations.ts';
import type { Effect } from './org/journal.ts';
import type { SandboxUser } from './org/user.ts';
import { buildServer } from './server.ts';
import { buildState } from './state.ts';

/** A sandbox that answers requests until it is closed. */
export interface Sandbox {
  /** Such as `http://127.0.0.1:41234`; the profile API is under `/ux/common/user/profile/`. */
  readonly url: string;
  readonly apiKey: string;
  /** Everybody in the org now, in the order of their creation, with what the API never returns. */
  readonly users: readonly SandboxUser[];
  /** What happened since the start; the seed is no effect. */
  readonly effects: readonly Effect[];
  readonly requests: RequestCounts;
  readonly invitations: readonly Invitation[];
  /** Finds a user by profile id or e-mail. */
  find(who: string): SandboxUser | undefined;
  /** @throws ZodError where the fault makes no sense */
  fault(request: FaultRequest): FaultHandle;
  /** Takes all faults away. */
  clearFaults(): void;
  /** Adds a user as an administrator would by hand. @throws Refusal where the id, address or login is taken */
  addUser(user: NewUser): SandboxUser;
  /** Edits the user with this profile id or e-mail by hand. @throws Refusal */
  editUser(who: string, edit: HandEdit): SandboxUser;
  /** Deletes the user with this profile id or e-mail by hand. @throws Refusal */
  removeUser(who: string): void;
  /** The invited person follows the link. @throws Refusal where no invitation is pending there */
  acceptInvitation(email: string): SandboxUser;
  /** Makes the key good again after `logout/` ended it. */
  renewSession(): void;
  /** Stops answering. The org is gone with it. */
  close(): Promise<void>;
}

/** Starts an org with the profile API in front of it, over real HTTP.
 * @throws where the port is taken, or two of the given users clash */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const state = buildState(options);
  const { org, rules, journal, invitations, faults } = state;
  const server = await buildServer(state);
  const url = await server.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    apiKey: state.apiKey,
    get users() {
      return Array.from(org.users(), (user) => user.current);
    },
    get effects() {
      return [...journal.effects];
    },
    get requests() {
      return state.requests.counts();
    },
    get invitations() {
      return invitations.list();
    },
    find: (who) => (org.find(who) ?? org.findByEmail(who))?.current,
    fault: (request) => faults.set(request),
    clearFaults: () => faults.clearAll(),
    addUser: (user) => addByHand(org, rules, journal, user),
    editUser: (who, edit) => editByHand(org, rules, journal, who, edit),
    removeUser: (who) => removeByHand(org, journal, who),
    acceptInvitation: (email) => invitations.accept(email),
    renewSession: () => state.session.renew(),
    close: () => server.close(),
  };
}
