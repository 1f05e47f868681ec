/** Reads a directory as Rollcall does, in a process of its own, and prints what that took: see ldap-pull.ts. */
import { ldapSource } from '../config/sections/sources/ldap.ts';
import { createLdapConnector } from '../connectors/ldap/index.ts';

const { settings, attributes, groups } = JSON.parse(process.argv[2] ?? '{}');
const connector = createLdapConnector(ldapSource.parse(settings));

const start = performance.now();
const before = process.cpuUsage();
let people = 0;
let memberships = 0;
let completeness: unknown;
for await (const part of connector.read({ attributes, groups, signal: new AbortController().signal })) {
  if (part.kind === 'batch') {
    people += part.identities.length;
    for (const identity of part.identities) memberships += identity.groups.length;
  } else completeness = part.completeness;
}
const wallMs = performance.now() - start;
const { user, system } = process.cpuUsage(before);
const cpuMs = (user + system) / 1_000;

const peakMib = process.resourceUsage().maxRSS / 1_024;
console.log(JSON.stringify({ people, memberships, completeness, wallMs, cpuMs, peakMib }));
