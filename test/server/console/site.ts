/** The console of an installation in the test's own process, and tokens of each role to sign in with. */
import { startService } from '../../../src/engine/index.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { type Installation, type InstallationOptions, install } from '../../engine/installation.ts';

export const tokens = {
  viewer: 'viewer-token-of-24-letters',
  operator: 'operator-token-of-24-letters',
  approver: 'approver-token-of-24-letters',
  second: 'second-approvers-token-of-24-letters',
} as const;

export interface Site extends Installation {
  readonly url: string;
  readonly server: Server;
}

const configured = Object.entries(tokens).map(
  ([name, token]) => `{ name: ${name}, role: ${name === 'second' ? 'approver' : name}, token: ${token} }`,
);

/** The configuration's `server`, with further keys of it. */
export const serverConfig = (more: Readonly<Record<string, string>> = {}): string =>
  `{ ${Object.entries({ port: '0', trustProxy: 'true', tokens: `[${configured.join(', ')}]`, ...more })
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;

/** @param works - whether scheduler and worker are at work, too */
export async function openSite(
  options: InstallationOptions & { readonly works?: boolean } = {},
): Promise<Site> {
  const here = await install({ ...options, config: { server: serverConfig(), ...options.config } });
  const { engine } = here;
  const roles =
    options.works === true ? (['scheduler', 'worker', 'console'] as const) : (['console'] as const);
  const server = await startServer(engine, { roles });
  const service = await startService(engine, roles);
  return {
    ...here,
    url: server.url,
    server,
    async [Symbol.asyncDispose]() {
      await server.close();
      await service.stop();
      await here[Symbol.asyncDispose]();
    },
  };
}
