/** A source's settings with nothing left open: what the configuration tells, and else what is usual with its vendor. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { LeaverRules } from '../lifecycle/lifecycle.ts';
import { presets } from './presets.ts';
import type { Vendor } from './vendor.ts';

type Open = 'vendor' | 'filter' | 'attributes' | 'leavers';

export interface IdentityAttributes {
  readonly anchor: string;
  readonly login: string;
  /** The first that has an address counts. */
  readonly email: readonly string[];
  readonly groups: string;
  readonly employeeNumber: string;
}

export type LdapSettings = Omit<LdapSourceConfig, Open> & {
  readonly vendor: Vendor;
  readonly filter: string;
  readonly attributes: IdentityAttributes;
  readonly leavers: LeaverRules;
  /** Undefined where nobody's first day counts. */
  readonly startDate: LdapSourceConfig['attributes']['startDate'];
};

/** @param vendor as found out; what the configuration says goes before. */
export function settle(config: LdapSourceConfig, vendor: Vendor): LdapSettings {
  const preset = presets[vendor];
  const { anchor, login, email, groups, employeeNumber, startDate } = config.attributes;
  const { signals, dates } = config.leavers;
  return {
    ...config,
    vendor,
    filter: config.filter ?? preset.filter,
    attributes: {
      anchor: anchor ?? preset.anchor,
      login: login ?? preset.login,
      email: email === undefined ? preset.email : [email].flat(),
      groups: groups ?? preset.groups,
      employeeNumber: employeeNumber ?? preset.employeeNumber,
    },
    leavers: { signals: signals ?? preset.signals, dates, always: preset.always },
    startDate,
  };
}

/** The attributes of a source whose server nobody has asked. */
export const usualAttributes = (config: LdapSourceConfig): IdentityAttributes =>
  settle(config, config.vendor === 'auto' ? 'generic' : config.vendor).attributes;
