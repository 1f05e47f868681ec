/** `/_sandbox/`: what tests and demos need to see and do behind the API's back. It takes no key, and answers this machine only. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultRequest } from '../faults/fault.ts';
import { addByHand, editByHand, removeByHand } from '../org/by-hand.ts';
import { Refusal } from '../org/refusal.ts';
import type { SandboxState } from '../state.ts';
import { isLoopback } from './loopback.ts';
import { idOf } from './request.ts';

const changeable = {
  name: z.string().exactOptional(),
  is_active: z.boolean().exactOptional(),
  customer_id: z.array(z.unknown()).exactOptional(),
  customer_entity_id: z.array(z.unknown()).exactOptional(),
  last_loggged_in: z.string().exactOptional(),
  extras: z.record(z.string(), z.unknown()).exactOptional(),
};

const handEdit = z.strictObject({ ...changeable, email: z.email().nullable().exactOptional() });

const newUser = z.strictObject({
  ...changeable,
  email: z.email().nullable(),
  username: z.string().min(1).exactOptional(),
  profile_id: z.string().min(1).max(25).exactOptional(),
  creation_time: z.iso.datetime().exactOptional(),
});

export async function addControlRoutes(server: FastifyInstance, state: SandboxState): Promise<void> {
  const { org, rules, journal, invitations, faults } = state;

  await server.register(
    async (control) => {
      control.addHook('onRequest', async (request) => {
        if (state.controlFrom === 'loopback' && !isLoopback(request.socket.remoteAddress ?? ''))
          throw new Refusal(403, 'The control API of the sandbox answers this machine only.');
      });

      control.get('/users', () => ({ users: Array.from(org.users(), (user) => user.current) }));
      control.post('/users', (request, reply) =>
        reply.code(201).send(addByHand(org, rules, journal, newUser.parse(request.body))),
      );
      control.patch('/users/:id', (request) =>
        editByHand(org, rules, journal, idOf(request), handEdit.parse(request.body)),
      );
      control.delete('/users/:id', (request, reply) => {
        removeByHand(org, journal, idOf(request));
        return reply.code(204).send();
      });

      control.get('/effects', (request) => {
        const { after } = z.object({ after: z.coerce.number().int().min(0).default(0) }).parse(request.query);
        return { effects: journal.effects.slice(after) };
      });
      control.get('/requests', () => ({ requests: state.requests.counts() }));

      control.get('/invitations', () => ({ invitations: invitations.list() }));
      control.post('/invitations/accept', (request) =>
        invitations.accept(z.strictObject({ email: z.string() }).parse(request.body).email),
      );

      control.post('/session', (_request, reply) => {
        state.session.renew();
        return reply.code(204).send();
      });

      control.get('/faults', () => ({ faults: faults.list() }));
      control.post('/faults', (request, reply) => {
        const { id } = faults.set(faultRequest.parse(request.body));
        return reply.code(201).send({ id });
      });
      control.delete('/faults', (_request, reply) => {
        faults.clearAll();
        return reply.code(204).send();
      });
      control.delete('/faults/:id', (request, reply) => {
        if (!faults.clear(Number(idOf(request)))) throw new Refusal(404, 'No fault with this id is set.');
        return reply.code(204).send();
      });
    },
    { prefix: '/_sandbox' },
  );
}
