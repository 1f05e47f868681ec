/** Begins the session of somebody who has shown who they are. */
import type { FastifyRequest } from 'fastify';
import { audit } from '../../audit/index.ts';
import type { Engine } from '../../engine/index.ts';
import type { Visitor } from '../access/roles.ts';
import type { SignedIn } from '../access/sessions.ts';

/** @param more - what the audit log is to know besides */
export async function letIn(
  { store }: Pick<Engine, 'store'>,
  request: FastifyRequest,
  { role, actor }: Visitor,
  how: SignedIn,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  // Another id than before: one that somebody else had put in place is worth nothing.
  await request.session.regenerate();
  request.session.signedIn = how;
  const details = { role, by: how.by, ...more };
  await audit(store.db, [{ actor, action: 'console.signed-in', details }], new Date());
}
