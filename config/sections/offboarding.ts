import { z } from 'zod';
import { timeZone } from '../scalars.ts';

export const offboarding = z
  .strictObject({
    timezone: timeZone
      .optional()
      .describe(
        "Time zone of days and times that name none, in HR's words and in `rollcall offboard --at`; that of the person's source (schedule.timezone) unless told",
      )
      .meta({ examples: ['Europe/Vienna'] }),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A folder into which the HR system puts CSV files of people who left. Each is taken once, moved to done/ in it, and answered row by row. The service must be allowed to write there',
      )
      .meta({ examples: ['/srv/hr/leavers'] }),
  })
  .prefault({})
  .describe('People of whom HR or an operator says that they left');
