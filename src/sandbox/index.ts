/** An org to try things on: the profile API's sixteen endpoints over real HTTP, with faults on demand. */
export type { AcceptedScheme } from './api/authentication.ts';
export type { Operation, RequestCounts } from './api/operations.ts';
export type { FaultRequest } from './faults/fault.ts';
export type { FaultHandle } from './faults/fault-book.ts';
export type { SandboxOptions } from './options.ts';
export type { HandEdit } from './org/by-hand.ts';
export type { NewUser } from './org/create-user.ts';
export type { Invitation } from './org/invitations.ts';
export type { Effect, EffectKind } from './org/journal.ts';
export type { ListShape } from './org/listing.ts';
export type { Clock } from './org/rules.ts';
export type { Extras, SandboxUser, WireProfile } from './org/user.ts';
export { runSandboxAlone } from './run-alone.ts';
export { type Sandbox, startSandbox } from './sandbox.ts';
