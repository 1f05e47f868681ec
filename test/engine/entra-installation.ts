/** Rollcall inside the test's own process, with an emulated Entra tenant as its only source. */
import { readFileSync } from 'node:fs';
import { setDefaultCACertificates } from 'node:tls';
import type { RunId } from '../../src/store/operations/operation.ts';
import { requestRun, runOf } from '../../src/store/runs/runs.ts';
import type { ReadingMode, RunSummary } from '../../src/store/schema.ts';
import { type EntraServer, type EntraServerOptions, startEntra } from '../servers/entra/server.ts';
import { type Installation, type InstallationOptions, install, people } from './installation.ts';

export interface EntraInstallationOptions extends Pick<InstallationOptions, 'combination' | 'config'> {
  readonly tenant?: EntraServerOptions['tenant'];
  /** Further keys of the source, as YAML. */
  readonly source?: string;
  /** Who is in the tenant at first, by display name. */
  readonly people?: readonly string[];
}

/** A run as it ended. */
export interface Ended {
  readonly id: RunId;
  readonly summary: RunSummary | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
  /** What it did, as `kind state address`, in the order of the plan. */
  readonly deeds: readonly string[];
  /** What it found besides, as `kind address`. */
  readonly findings: readonly string[];
}

export interface EntraInstallation extends Installation {
  readonly entra: EntraServer;
  /** A run, carried out; one that fails is told and not thrown. */
  run(reading: ReadingMode): Promise<Ended>;
  /** Whether somebody of this name is active in the org; undefined where they are not there. */
  isActive(name: string): boolean | undefined;
}

export const mailOf = (name: string): string => `${name.toLowerCase()}@contoso.example`;

export async function installEntra(options: EntraInstallationOptions = {}): Promise<EntraInstallation> {
  const entra = await startEntra({ tenant: options.tenant ?? {} });
  setDefaultCACertificates([readFileSync(entra.caFile, 'utf8')]);
  for (const displayName of options.people ?? []) entra.directory.addUser({ displayName });
  const { tenantId, clientId, secret } = entra.registration;
  const here = await install({
    combination: options.combination ?? 'PostgreSQL',
    config: {
      sources: `[{ id: people, type: entra, tenantId: ${tenantId}, clientId: ${clientId}, auth: { secret: "${secret}" }, cloud: { login: "${entra.url}", graph: "${entra.url}" }, ${options.source ?? ''} }]`,
      scope: '"true"',
      mapping: '{ email: email, username: login, name: displayName, organization_role: jobTitle }',
      lifecycle: '{ grace: 24h }',
      ...options.config,
    },
  });
  const { db } = here.engine.store;

  return {
    ...here,
    entra,
    async run(reading) {
      const id = await requestRun(db, {
        ...{ source: people, mode: 'apply', reading, trigger: 'hand', actor: 'cli:test' },
        onlyWho: undefined,
      });
      const conducted = await here.conduct(id);
      if (conducted.kind === 'planned') await here.carryOut(id);
      const run = await runOf(db, id);
      const operations = await here.operations(id);
      const findings = await here.findings(id);
      return {
        id,
        summary: run?.summary ?? undefined,
        error: run?.error ?? undefined,
        deeds: operations.map(({ kind, state, email }) => `${kind} ${state} ${email}`),
        findings: findings.map(({ kind, email, label }) => `${kind} ${email ?? label}`),
      };
    },
    isActive: (name) => here.sandbox.find(mailOf(name))?.profile.is_active,
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await entra.stop();
    },
  };
}
