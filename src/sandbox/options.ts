/** How a sandbox is set up; everything can be left out. */
import type { AcceptedScheme } from './api/authentication.ts';
import type { NewUser } from './org/create-user.ts';
import type { ListShape } from './org/listing.ts';
import type { Clock } from './org/rules.ts';

/** What a sandbox is to be like. */
export interface SandboxOptions {
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** `sandbox-key` by default. */
  readonly apiKey?: string;
  /** What has to stand before the key: nothing (`none`), `ApiKey`, or `either`, the default. */
  readonly authScheme?: AcceptedScheme;
  /** The profile that the key belongs to; it exists from the start, and counts as an active user. */
  readonly ownAccount?: NewUser;
  /** Whether `logout/` ends the key until `renewSession` is called. Off by default: it answers 200 and does nothing. */
  readonly sessionKeys?: boolean;
  /** Most active users; no limit by default. */
  readonly licences?: number;
  /** Status of the answer when the licence is full: 400 by default, which is a guess. */
  readonly licenceStatus?: number;
  readonly roles?: readonly string[];
  readonly timezones?: readonly string[];
  readonly dashboards?: readonly string[];
  /** How long an invitation can be accepted: 36 hours by default. */
  readonly invitationHours?: number;
  /** Body of the lists: `results` by default. */
  readonly listShape?: ListShape;
  /** Larger pages are cut to this size without a word; no limit by default. */
  readonly maxItemsPerPage?: number;
  /** Users that are there from the start, in the order of their creation. */
  readonly users?: Iterable<NewUser>;
  /** Added to each answer of the profile API; 0 by default. */
  readonly latencyMs?: number;
  /** Who may use `/_sandbox/`, which takes no key: this machine only (`loopback`, the default), or anybody. */
  readonly controlFrom?: 'loopback' | 'anywhere';
  readonly now?: Clock;
}
