/** What kind of server it is, and by which settings it is read: findings for `check`. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { ProbeFinding } from '../../connector.ts';
import type { RootDse } from '../vendor/root-dse.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import { describeServer, type Vendor } from '../vendor/vendor.ts';
import { pagedResultsOid } from '../wire/messages.ts';
import { shortList } from '../wire/result-codes.ts';
import { bad, good } from './finding.ts';

const names: Readonly<Record<Vendor, string>> = {
  openldap: 'OpenLDAP',
  'active-directory': 'Active Directory',
  '389ds': '389 Directory Server',
  freeipa: 'FreeIPA',
  generic: 'an LDAP directory of no known kind',
};

/** Controls that a reading can make use of, by object identifier. */
const usefulControls: ReadonlyMap<string, string> = new Map([
  [pagedResultsOid, 'paged results'],
  ['1.2.840.113556.1.4.841', 'DirSync'],
  ['1.2.840.113556.1.4.417', 'showing deleted objects'],
  ['1.3.6.1.4.1.4203.1.9.1.1', 'content synchronisation'],
  ['2.16.840.1.113730.3.4.3', 'persistent search'],
]);

export function describeKind(
  rootDse: RootDse | undefined,
  { vendor: told, url }: Pick<LdapSourceConfig, 'vendor' | 'url'>,
  { vendor }: Pick<LdapSettings, 'vendor'>,
): readonly ProbeFinding[] {
  if (rootDse === undefined) {
    return told === 'auto'
      ? [
          bad(
            `What kind of server ${url} is can't be seen, so it is read as any LDAP directory`,
            'Let the account read the root DSE (the entry without a name), or set vendor.',
          ),
        ]
      : [good(`The server does not say what it is; it is read as ${names[vendor]}, as vendor says`)];
  }
  const says = describeServer(rootDse);
  const how = told === 'auto' ? '' : ', as vendor says';
  const contexts = rootDse.values('namingContexts');
  return [
    good(`It is read as ${names[vendor]}${how}${says === '' ? '' : ` (it says: ${shortList([says])})`}`),
    ...(contexts.length === 0 ? [] : [good(`Its naming contexts: ${shortList(contexts, 10)}`)]),
    describeControls(rootDse.values('supportedControl'), url),
  ];
}

function describeControls(controls: readonly string[], url: string): ProbeFinding {
  if (controls.length === 0) return good('The server does not say whether it supports paged results');
  if (!controls.includes(pagedResultsOid)) {
    return bad(
      `${url} does not support paged results`,
      'A directory larger than its size limit will never be read completely: raise the limit for this account.',
    );
  }
  const useful = [...usefulControls].filter(([oid]) => controls.includes(oid)).map(([, name]) => name);
  return good(`The server supports ${useful.join(', ')}`);
}

/** What of the settings the configuration tells, and what is usual with the vendor. */
export function describeSettings(config: LdapSourceConfig, settings: LdapSettings): ProbeFinding {
  const { attributes, leavers } = settings;
  const given = config.attributes;
  const told = (isTold: boolean): string => (isTold ? '' : ' (usual)');
  const marks = leavers.signals.length === 0 ? 'no marks of their own' : leavers.signals.join(', ');
  const dates = leavers.dates.map(({ attribute, format }) => `${attribute} (${format})`);
  return good(
    [
      `In force: filter ${settings.filter}${told(config.filter !== undefined)}`,
      `anchor ${attributes.anchor}${told(given.anchor !== undefined)}`,
      `login ${attributes.login}${told(given.login !== undefined)}`,
      `e-mail ${attributes.email.join(', else ')}${told(given.email !== undefined)}`,
      `groups ${attributes.groups}${told(given.groups !== undefined)}`,
      `employee number ${attributes.employeeNumber}${told(given.employeeNumber !== undefined)}`,
      ...(given.startDate === undefined
        ? []
        : [`first day ${given.startDate.attribute} (${given.startDate.format})`]),
      `leavers by ${marks}${told(config.leavers.signals !== undefined)}${dates.length === 0 ? '' : `, and by the dates ${dates.join(', ')}`}`,
    ].join('; '),
  );
}
