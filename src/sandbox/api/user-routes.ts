/** The endpoints for the org's users: list, create, get, edit, delete, invite, and who is active. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readNewUser } from '../org/create-user.ts';
import { applyEdit, readEditedUser } from '../org/edit-user.ts';
import { readPage, shapeList } from '../org/listing.ts';
import type { SandboxState } from '../state.ts';
import { authorOf, bodyOf, idOf } from './request.ts';

const queryParameters = z.record(z.string(), z.unknown());

export function addUserRoutes(api: FastifyInstance, state: SandboxState): void {
  const { org, rules, journal } = state;

  api.get('/', { prefixTrailingSlash: 'slash', config: { operation: 'list' } }, (request) => {
    const users = readPage(org, queryParameters.parse(request.query), state.maxItemsPerPage);
    return shapeList(state.listShape, users.slice(request.lostRows), org.size);
  });

  api.post('/', { prefixTrailingSlash: 'slash', config: { operation: 'create' } }, (request, reply) => {
    const body = Object.fromEntries(
      Object.entries(bodyOf(request)).filter(
        ([name]) => !request.forgotten.has(name) || neverForgotten.has(name),
      ),
    );
    const record = org.add(readNewUser(org, rules, body));
    const { profile } = record.current;
    journal.record(authorOf(request), 'created', { email: profile.email, profileId: record.id });
    return reply.code(201).send({ status: 'success', user_id: profile.user, message: 'user created' });
  });

  api.get('/:id/', { config: { operation: 'get' } }, (request) => org.get(idOf(request)).current.profile);

  api.put('/:id/', { config: { operation: 'edit' } }, (request) => {
    const record = org.get(idOf(request));
    const next = readEditedUser(rules, record, bodyOf(request), request.forgotten);
    applyEdit(org, rules, journal, record, next, authorOf(request));
    return record.current.profile;
  });

  api.delete('/:id/', { config: { operation: 'delete' } }, (request, reply) => {
    const record = org.get(idOf(request));
    org.remove(record);
    journal.record(authorOf(request), 'deleted', {
      email: record.current.profile.email,
      profileId: record.id,
    });
    return reply.code(204).send();
  });

  api.post('/user_invite/', { config: { operation: 'invite' } }, (request) => {
    const emails = state.invitations.invite(bodyOf(request), authorOf(request));
    return { status: 'success', message: 'invitation sent', emails };
  });

  api.get('/activeuser_list/', { config: { operation: 'activeList' } }, () => activeUsers(state));
  api.post('/active_users/', { config: { operation: 'activeUsers' } }, () => activeUsers(state));
}

/** A create that forgot who it is about would be refused: that is another fault. */
const neverForgotten: ReadonlySet<string> = new Set(['email', 'username', 'password', 'confirm_password']);

function activeUsers({ org, listShape }: SandboxState): unknown {
  const active = Array.from(org.users(), (user) => user.current.profile).filter((user) => user.is_active);
  return shapeList(listShape, active, active.length);
}
