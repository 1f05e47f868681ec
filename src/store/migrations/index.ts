/** Every migration by name, in order. A released one is never changed: the next one mends it. */
import type { Migration } from 'kysely/migration';
import * as firstTables from './0001-first-tables.ts';
import * as rulings from './0002-rulings.ts';
import * as verification from './0003-verification.ts';
import * as auditKeeping from './0004-audit-keeping.ts';
import * as deltas from './0005-deltas.ts';
import * as trustedReadings from './0006-trusted-readings.ts';
import * as bulk from './0007-bulk.ts';
import * as circuit from './0008-circuit.ts';
import * as shrunkenOrg from './0009-shrunken-org.ts';
import * as purge from './0010-purge.ts';
import * as watches from './0011-watches.ts';
import * as watchTrouble from './0012-watch-trouble.ts';
import * as createAndInvite from './0013-create-and-invite.ts';
import * as employeeNumbers from './0014-employee-numbers.ts';
import * as succession from './0015-succession.ts';
import * as departures from './0016-departures.ts';
import * as guards from './0018-guards.ts';
import * as quarantines from './0019-quarantines.ts';
import * as explain from './0020-explain.ts';
import * as undispatched from './0021-undispatched.ts';
import * as exempt from './0022-exempt.ts';
import * as contradictions from './0023-contradictions.ts';
import * as labels from './0024-labels.ts';
import * as offers from './0025-offers.ts';
import * as schedules from './0026-schedules.ts';
import * as alerts from './0027-alerts.ts';
import * as sessions from './0028-sessions.ts';
import * as api from './0029-api.ts';
import * as repeatAndCount from './0030-repeat-and-count.ts';
import * as jobOfMany from './0031-job-of-many.ts';
import * as prints from './0034-prints.ts';
import * as readingSoFar from './0035-reading-so-far.ts';
import * as knownRecords from './0036-known-records.ts';

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-rulings': rulings,
  '0003-verification': verification,
  '0004-audit-keeping': auditKeeping,
  '0005-deltas': deltas,
  '0006-trusted-readings': trustedReadings,
  '0007-bulk': bulk,
  '0008-circuit': circuit,
  '0009-shrunken-org': shrunkenOrg,
  '0010-purge': purge,
  '0011-watches': watches,
  '0012-watch-trouble': watchTrouble,
  '0013-create-and-invite': createAndInvite,
  '0014-employee-numbers': employeeNumbers,
  '0015-succession': succession,
  '0016-departures': departures,
  '0018-guards': guards,
  '0019-quarantines': quarantines,
  '0020-explain': explain,
  '0021-undispatched': undispatched,
  '0022-exempt': exempt,
  '0023-contradictions': contradictions,
  '0024-labels': labels,
  '0025-offers': offers,
  '0026-schedules': schedules,
  '0027-alerts': alerts,
  '0028-sessions': sessions,
  '0029-api': api,
  '0030-repeat-and-count': repeatAndCount,
  '0031-job-of-many': jobOfMany,
  '0034-prints': prints,
  '0035-reading-so-far': readingSoFar,
  '0036-known-records': knownRecords,
};
