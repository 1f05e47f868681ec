/** First days in attributes, in the forms that leave dates have. */
import { readStartDay, type StartDate, startDateOf } from '../../../src/identity/start-date.ts';
import { type LeaveDateRule, readLeaveDate } from './leave-date.ts';

export const readStartDate = (values: readonly string[], rule: LeaveDateRule): StartDate | undefined =>
  startDateOf(values, rule.attribute, (text) => {
    const { format, timezone } = rule;
    return format === 'date' || format === 'date-time'
      ? readStartDay(text, { format, timezone })
      : readLeaveDate(text, rule);
  });
