import { z } from 'zod';
import { duration } from '../scalars.ts';

const sentinelName = z
  .string()
  .min(1)
  .describe('E-mail address, login or id of somebody who never leaves')
  .meta({ examples: ['ceo@example.com'] });

/** The larger of a number of people and a share of them. */
const limit = (count: number, percent: number, of: string) =>
  z
    .strictObject({
      count: z.int().min(0).default(count).describe('People'),
      percent: z.number().min(0).max(100).default(percent).describe(of),
    })
    .prefault({});

const ofLinked = 'Of the linked, active people of the source';

export const guards = z
  .strictObject({
    maxDeactivations: limit(5, 5, ofLinked).describe(
      'Deactivations are held when a run, and what was released in the 24 hours before it, would deactivate more people than the larger of the two',
    ),
    maxEdits: limit(20, 20, ofLinked).describe(
      'Edits of an attribute are held when it would change for more people than the larger of the two, counted as for maxDeactivations',
    ),
    maxBlanked: limit(5, 5, ofLinked).describe(
      'Whatever changes an attribute is held when that attribute would become empty for more people than the larger of the two, counted as for maxDeactivations',
    ),
    maxShrink: limit(5, 10, 'Of the people seen before').describe(
      'When more people than the larger of the two are gone since the last whole reading, in all or in one branch, the reading counts as incomplete and removes nobody',
    ),
    maxFailures: limit(25, 10, 'Of the operations of the run, deactivations left out').describe(
      'When more operations of a run have failed than the larger of the two, the rest of them is held; deactivations go on and are not counted',
    ),
    sentinels: z
      .array(
        z.union([
          sentinelName,
          z.strictObject({
            who: sentinelName,
            source: z
              .string()
              .min(1)
              .describe('The source that must show them')
              .meta({ examples: ['corp'] }),
          }),
        ]),
      )
      .default([])
      .describe('People who must be visible in every whole reading, else it counts as incomplete'),
    protected: z
      .array(z.string().min(1))
      .default([])
      .describe('E-mail addresses or profile ids that are never deactivated')
      .meta({ examples: [['admin@example.com']] }),
    approval: z
      .strictObject({
        people: z
          .union([z.literal(1), z.literal(2)])
          .default(1)
          .describe('1 or 2'),
      })
      .prefault({})
      .describe(
        'How many people have to approve a plan; the second is another one than the first and than whoever asked for the run',
      ),
    quarantine: z
      .strictObject({
        after: z
          .int()
          .min(1)
          .max(20)
          .default(3)
          .describe('Failed or untrustworthy readings in a row, whole ones and deltas counted apart'),
        firstTry: duration
          .prefault('15m')
          .describe('How long after it began the source is tried again; twice as long each time'),
        lastTry: duration.prefault('24h').describe('The longest time between two tries'),
      })
      .prefault({})
      .describe(
        'When a source is tried less often, and removes nobody until a whole reading of it can be trusted',
      ),
    administrators: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'E-mail addresses or profile ids of those who administer the org: the last active one of them is never deactivated',
      )
      .meta({ examples: [['ceo@example.com']] }),
    administratorRoles: z
      .array(z.string().min(1))
      .default(['admin', 'administrator'])
      .describe(
        'Whoever was last given one of these as role or organization_role administers the org as well',
      ),
    planExpiry: duration.prefault('72h').describe('How long a plan waits for approval'),
  })
  .prefault({})
  .describe('What is held until a person approves it, and who is never touched');
