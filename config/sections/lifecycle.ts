import { z } from 'zod';
import { duration, durationSuchAs } from '../scalars.ts';

const expression = z
  .string()
  .min(1)
  .meta({ title: 'CEL', examples: ['user.?employeeType.orValue("") == "board"'] });

/** What becomes of somebody who left in one way. */
const treatment = z.union([
  z.enum(['deactivate', 'ignore']),
  z.strictObject({
    after: durationSuchAs('7d').describe('How long it must be so before they are deactivated'),
  }),
]);

const leaver = z
  .strictObject({
    disabled: treatment
      .default('deactivate')
      .describe('Whose account is disabled in the source, or whose `active` rule says so'),
    deleted: treatment.default('deactivate').describe('Whose entry the source itself calls deleted'),
    outOfScope: treatment.default('deactivate').describe('Who is in the source, and out of scope'),
    absent: treatment
      .optional()
      .describe('Who is gone from the source, as a look-up confirms; after `grace`, where this is not given'),
  })
  .prefault({})
  .describe(
    'What each way of leaving leads to: deactivate, { after: 7d }, or ignore, which names them in each run. Leave dates, and what HR or an operator says, always count at once',
  );

export const lifecycle = z
  .strictObject({
    onboard: z
      .enum(['create', 'invite', 'create-and-invite'])
      .default('create')
      .describe(
        'What a joiner gets: an account (create, which sends no mail), an invitation, which becomes an account without any mapped attribute once they accept it, or an account and then an invitation to it',
      ),
    joinEarly: duration
      .prefault('0s')
      .describe(
        'How long before their first day (attributes.startDate of the source) a joiner gets an account or an invitation; until then they are named as waiting',
      ),
    invite: z
      .strictObject({
        role: z
          .string()
          .optional()
          .describe('Role named in invitations, where the mapping gives none')
          .meta({ examples: ['User'] }),
        expires: duration
          .prefault('36h')
          .describe('How long an invitation is good for: before that, no rule sends another'),
        again: z
          .enum(['never', 'once-expired'])
          .default('never')
          .describe('Whether somebody who has not accepted is invited again by rule once that time is over'),
        atMost: z
          .int()
          .min(1)
          .default(3)
          .describe('Invitations to one person, the first and those by hand included'),
      })
      .prefault({})
      .describe('Invitations, where `onboard` sends any'),
    leaver,
    exempt: z
      .union([expression, z.array(expression)])
      .transform((written) => (typeof written === 'string' ? [written] : written))
      .default([])
      .describe(
        'CEL over `user`, one expression or several: whoever one of them is true of is deactivated and deleted by no rule, also once they are gone; each run names them as left. What HR or an operator says (`offboard`, the webhook, a file) still counts',
      ),
    grace: duration
      .prefault('24h')
      .describe('How long somebody must be gone from the source before deactivation'),
    reactivate: z
      .enum(['ours', 'always', 'never'])
      .default('ours')
      .describe(
        'Who is unblocked on coming back: those whom Rollcall itself had deactivated, everybody, nobody',
      ),
    handOver: z
      .enum(['employee-number', 'correlation'])
      .default('employee-number')
      .describe(
        'By what somebody whom one source loses is known again in another, so that their profile passes to it: by the employee number, where correlation has it, or by any rule of correlation unless both have a number and they differ',
      ),
    deletedInOrg: z
      .enum(['leave', 'create'])
      .default('leave')
      .describe('Somebody in scope whose profile was deleted in the org: leave deleted, or create again'),
    purgeAfter: durationSuchAs('180d')
      .refine((ms) => ms >= 86_400_000, 'nobody is deleted within a day: write 1d or more')
      .optional()
      .describe(
        'How long after Rollcall deactivated somebody who is still gone their profile is deleted for good, once a person has approved that plan. Never, if not given',
      ),
  })
  .prefault({})
  .describe('What happens when people come, leave and come back');
