import type { Profile, ProfileId } from '../profile-api/index.ts';
import type { Operation } from '../store/operations/operations.ts';
import type { Link } from '../store/people/link.ts';
import type { OrgLookup } from './org-lookup.ts';
import type { Outcome } from './outcome.ts';
import type { EffectApi, LookingApi } from './watched-api.ts';

/** One try of one operation, with all that its handler may use. */
export interface Task {
  readonly operation: Operation;
  readonly link: Link | undefined;
  /** Whether an earlier try may have had its effect without anybody hearing of it. */
  readonly mayHaveHappened: boolean;
  readonly api: LookingApi;
  readonly lookup: OrgLookup;
  /** The key's own account, which is never changed. */
  readonly ownProfile: () => Promise<ProfileId>;
  readonly inviteRole: string | undefined;
  /** Why the configuration, as it is now, has a profile stay; undefined where it has it deleted. */
  mayPurge(profile: Profile, link: Link): string | undefined;
  /** Why a profile that administers the org has to stay active; undefined where it may be deactivated, and now. */
  lastAdministrator(profile: Profile): Promise<string | undefined>;
  readonly signal: AbortSignal;
  /**
   * Makes a request that has an effect, once there is a place for it. The intent is stored right before it goes out, so that a
   * crash leaves a trace.
   *
   * @throws {LeaseLostError} where another worker has taken over; then nothing is sent
   */
  send<Answer>(request: (org: EffectApi) => Promise<Answer>): Promise<Answer>;
}

/** Carries out one kind of operation. Throws what the API client throws; the worker classifies it. */
export type Handler = (task: Task) => Promise<Outcome>;
