/** What is allowed in a configuration, and still worth a word. */
import type { Config } from './schema.ts';

function textsOf(value: unknown, path: string): { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textsOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

/** Sentences for the operator: what was switched off, and what looks like a reference but is none. */
export function warningsOf(config: Config): readonly string[] {
  const warnings: string[] = [];
  if (config.profileApi.insecureSkipTlsVerify)
    warnings.push(
      'profileApi.insecureSkipTlsVerify is on: anybody on the way can read and change what is sent. Give the CA as profileApi.ca instead.',
    );
  for (const name of ['maxDeactivations', 'maxEdits', 'maxBlanked', 'maxShrink', 'maxFailures'] as const)
    if (config.guards[name].percent === 100)
      warnings.push(
        `guards.${name}.percent is 100, so that guard holds nothing back. For a change that is larger than usual, raise it for one run: \`rollcall resync --source ID --raise ${name}=PEOPLE --reason TEXT\`.`,
      );
  for (const source of config.sources) {
    if (source.schedule.delta !== undefined && source.schedule.full === undefined)
      warnings.push(
        `Source ${source.id}: schedule.delta stands alone. Deltas do not see what is changed in the org, nor what a directory does not tell: give schedule.full beside it, such as once a night.`,
      );
    if (source.type !== 'ldap') continue;
    if (source.tls.insecureSkipVerify)
      warnings.push(
        `Source ${source.id}: tls.insecureSkipVerify is on, so the server could be anybody. Give its CA as tls.ca instead.`,
      );
    const isPlain = [source.url, ...source.failover].some((url) => /^ldap([+]srv)?:/.test(url));
    if (source.tls.allowPlaintext && !source.tls.startTls && isPlain)
      warnings.push(
        `Source ${source.id}: tls.allowPlaintext is on, so the password crosses the network readable. Use ldaps:// or tls.startTls.`,
      );
  }
  for (const [name, channel] of Object.entries(config.notify.channels))
    if (channel.type === 'mail' ? channel.security === 'plaintext' : /^http:/i.test(channel.webhookUrl))
      warnings.push(
        channel.type === 'mail'
          ? `notify.channels.${name}: security is plaintext, so messages, and the password where there is one, cross the network readable. Use starttls or tls.`
          : `notify.channels.${name}: webhookUrl is http, so messages, and the address that anybody could post to, cross the network readable. Use https.`,
      );
  const { precedence, correlation, lifecycle } = config;
  const areJoined = correlation.includes('employee-number') || lifecycle.handOver === 'correlation';
  if (Object.keys(precedence).length > 0 && !areJoined)
    warnings.push(
      'precedence has no effect: nothing says who is the same person in two sources. Add employee-number to correlation, or set lifecycle.handOver: correlation.',
    );
  for (const { path, text } of textsOf(config, ''))
    if (/(?<!\$)\$\{[A-Za-z_][A-Za-z0-9_]*\}/.test(text))
      warnings.push(
        `${path} holds a \${...} that is taken to the letter. For an environment variable write \${env:NAME}.`,
      );
  return warnings;
}
