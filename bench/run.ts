/** Runs benchmarks, prints what they measured and, asked to, saves it: see README.md. */
import { parseArgs } from 'node:util';
import { api } from './api.ts';
import { bulkLoad } from './bulk-load.ts';
import type { BenchCase } from './case.ts';
import { coldStart } from './cold-start.ts';
import { endToEnd } from './end-to-end.ts';
import { entraRead } from './entra-read.ts';
import { firstLoad } from './first-load.ts';
import { ldapGroups } from './ldap-groups.ts';
import { ldapPull } from './ldap-pull.ts';
import { describeMachine } from './machine.ts';
import { nothingChanged } from './nothing-changed.ts';
import { offboarding } from './offboarding.ts';
import { reconcile } from './reconcile.ts';
import { describeResult, saveResult } from './results.ts';
import { scaleOut } from './scale-out.ts';

/** A new benchmark gets a file of its own, and a place here. */
const cases: readonly BenchCase[] = [
  ldapPull,
  ldapGroups,
  bulkLoad,
  firstLoad,
  scaleOut,
  coldStart,
  entraRead,
  nothingChanged,
  reconcile,
  endToEnd,
  offboarding,
  api,
];

const usage = 'npm run bench -- [NAME ...] [--people N] [--rounds N] [--save]';

function chosenCases(names: readonly string[]): readonly BenchCase[] {
  const unknown = names.filter((name) => !cases.some((one) => one.name === name));
  if (unknown.length > 0) {
    const known = cases.map(({ name }) => name).join(', ');
    console.error(`There is no benchmark named ${unknown.join(', ')}. There are: ${known}.\n${usage}`);
    process.exit(2);
  }
  return cases.filter(({ name }) => names.length === 0 || names.includes(name));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
});

for (const one of chosenCases(positionals)) {
  const options = { people: Number(values.people ?? one.people), rounds: Number(values.rounds) };
  const circumstances = describeMachine();
  const standings = await one.run(options);
  const result = { name: one.name, title: one.title, ...options, ...circumstances, standings };
  console.log(describeResult(result));
  if (values.save) saveResult(result);
}
