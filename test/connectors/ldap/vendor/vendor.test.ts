import { describe, expect, test } from 'vitest';
import { presets } from '../../../../connectors/ldap/vendor/presets.ts';
import type { RootDse } from '../../../../connectors/ldap/vendor/root-dse.ts';
import { settle } from '../../../../connectors/ldap/vendor/settings.ts';
import { vendorOf } from '../../../../connectors/ldap/vendor/vendor.ts';
import { startScriptedLdap } from '../../../servers/scripted-ldap.ts';
import { connectorToUrl, ldapSource, readAll, sourceErrorOf } from '../source.ts';

const rootDse = (entry: Readonly<Record<string, readonly string[]>>): RootDse => ({
  values: (name) => entry[name] ?? [],
});

describe('the vendor', () => {
  test.each([
    ['openldap', { objectClass: ['top', 'OpenLDAProotDSE'] }],
    // Recorded from Windows Server 2019 and Samba 4.17.
    ['active-directory', { supportedCapabilities: ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670'] }],
    [
      'active-directory',
      {
        vendorName: ['Samba Team (https://www.samba.org)'],
        supportedCapabilities: ['1.2.840.113556.1.4.800'],
      },
    ],
    ['389ds', { vendorName: ['389 Project'], vendorVersion: ['389-Directory/2.3.1 B2023.1'] }],
    ['freeipa', { vendorName: ['389 Project'], ipaTopologyPluginVersion: ['1.0'] }],
    // AD LDS has other accounts than Active Directory.
    ['generic', { supportedCapabilities: ['1.2.840.113556.1.4.1851'] }],
    ['generic', { vendorName: ['Novell, Inc.'] }],
    ['generic', {}],
  ])('is %s by %o', (expected, entry) => {
    expect(vendorOf(rootDse(entry))).toBe(expected);
  });

  test('is generic where the root DSE is hidden', () => {
    expect(vendorOf(undefined)).toBe('generic');
  });

  test('is not guessed while the server is busy', async () => {
    const server = await startScriptedLdap({ onSearch: () => [{ kind: 'done', code: 51 }] });
    try {
      const error = await sourceErrorOf(readAll(connectorToUrl(server.url, { vendor: 'auto' })));

      expect(error.kind).toBe('unreachable');
      expect(error.message).toContain('busy (51)');
    } finally {
      await server.stop();
    }
  });

  test('that the configuration names is not asked for', async () => {
    const server = await startScriptedLdap({ onSearch: () => [{ kind: 'done', cookie: '' }] });
    try {
      await readAll(connectorToUrl(server.url, { vendor: '389ds' }));

      expect(server.searches.map(({ base }) => base)).toEqual(['ou=people']);
      expect(server.searches[0]?.attributes).toContain('nsuniqueid');
    } finally {
      await server.stop();
    }
  });
});

describe('what the configuration leaves open', () => {
  const source = (settings = {}) => ldapSource({ url: 'ldaps://x', baseDn: 'dc=x', ...settings });

  test('is for OpenLDAP what it always was', () => {
    expect(settle(source(), 'openldap')).toMatchObject({
      filter: '(objectClass=inetOrgPerson)',
      attributes: { anchor: 'entryUUID', login: 'uid', email: ['mail'], groups: 'memberOf' },
    });
  });

  test('and nothing else is filled in by the vendor', () => {
    const settings = settle(
      source({
        filter: '(objectClass=user)',
        attributes: { anchor: 'employeeID', login: 'userPrincipalName', email: ['mail', 'otherMailbox'] },
        leavers: { signals: [], dates: [{ attribute: 'endDate' }] },
      }),
      'active-directory',
    );

    expect(settings).toMatchObject({
      filter: '(objectClass=user)',
      attributes: {
        anchor: 'employeeID',
        login: 'userPrincipalName',
        email: ['mail', 'otherMailbox'],
        groups: 'memberOf',
      },
      leavers: { signals: [], dates: [{ attribute: 'endDate', format: 'date', timezone: 'UTC' }] },
    });
  });

  test('a vendor that could not be found out for once does not make a disabled account look active', () => {
    const known = Object.values(presets).flatMap(({ signals }) => signals);

    expect(presets.generic.signals).toEqual(expect.arrayContaining(known));
  });
});
