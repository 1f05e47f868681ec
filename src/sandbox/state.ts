/** All that one running sandbox consists of. */
import { KeySession } from './api/authentication.ts';
import { RequestCounter } from './api/operations.ts';
import { FaultBook } from './faults/fault-book.ts';
import type { SandboxOptions } from './options.ts';
import { newUser } from './org/create-user.ts';
import { Invitations } from './org/invitations.ts';
import { Journal } from './org/journal.ts';
import type { ListShape } from './org/listing.ts';
import { Org } from './org/org.ts';
import type { OrgRules } from './org/rules.ts';

export interface SandboxState {
  readonly apiKey: string;
  readonly org: Org;
  readonly rules: OrgRules;
  readonly journal: Journal;
  readonly invitations: Invitations;
  readonly faults: FaultBook;
  readonly requests: RequestCounter;
  readonly session: KeySession;
  readonly ownProfileId: string;
  readonly listShape: ListShape;
  readonly maxItemsPerPage: number;
  readonly latencyMs: number;
  readonly controlFrom: 'loopback' | 'anywhere';
}

const defaultOwnAccount = {
  email: 'rollcall@sandbox.example',
  name: 'Rollcall',
  extras: { role: 'Admin' },
};

/** @throws Refusal where two of the given users have one id, address or login */
export function buildState(options: SandboxOptions): SandboxState {
  const rules: OrgRules = {
    roles: options.roles ?? ['Admin', 'Manager', 'User', 'Viewer'],
    timezones: options.timezones ?? ['UTC', 'Europe/Vienna', 'America/New_York', 'Asia/Tokyo'],
    dashboards: options.dashboards ?? ['1', '2'],
    licences: options.licences,
    licenceStatus: options.licenceStatus ?? 400,
    invitationHours: options.invitationHours ?? 36,
    now: options.now ?? (() => new Date()),
  };
  const org = new Org();
  const own = org.add(newUser(org, rules, options.ownAccount ?? defaultOwnAccount));
  for (const user of options.users ?? []) org.add(newUser(org, rules, user));
  const journal = new Journal(rules.now);
  const apiKey = options.apiKey ?? 'sandbox-key';
  return {
    apiKey,
    org,
    rules,
    journal,
    invitations: new Invitations(org, rules, journal),
    faults: new FaultBook(),
    requests: new RequestCounter(),
    session: new KeySession(apiKey, options.authScheme ?? 'either', options.sessionKeys ?? false),
    ownProfileId: own.id,
    listShape: options.listShape ?? 'results',
    maxItemsPerPage: options.maxItemsPerPage ?? Number.MAX_SAFE_INTEGER,
    latencyMs: options.latencyMs ?? 0,
    controlFrom: options.controlFrom ?? 'loopback',
  };
}
