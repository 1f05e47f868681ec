/** Who may do what: each role may do what the one before it may, and more. */
import { roles } from '../../../config/sections/server.ts';

export type Role = (typeof roles)[number];

export const allows = (has: Role, needed: Role): boolean => roles.indexOf(has) >= roles.indexOf(needed);

/** Somebody who was let in. */
export interface Visitor {
  /** As people call them. */
  readonly name: string;
  readonly role: Role;
  /** As the audit log names them: `token:ci`, `oidc:anna@example.com`. */
  readonly actor: string;
}
