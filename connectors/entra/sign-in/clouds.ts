/** Where the clouds of Microsoft are: each has a host to sign in at and one for Graph. */
import type { EntraSourceConfig } from '../../../config/schema.ts';

export interface Cloud {
  readonly login: string;
  /** Without a version. */
  readonly graph: string;
  /** One of Microsoft's own; of others, nobody can ask whether their sign-in host is to be trusted. */
  readonly isKnown: boolean;
}

const known = {
  public: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  gccHigh: { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  dod: { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: { login: 'https://login.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
} as const;

export function cloudOf(config: Pick<EntraSourceConfig, 'cloud'>): Cloud {
  if (typeof config.cloud === 'string') return { ...known[config.cloud], isKnown: true };
  const { login, graph } = config.cloud;
  return { login: withoutSlash(login), graph: withoutSlash(graph), isKnown: false };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
