/** A configuration that may be shown: without its secrets. */
const hidden = '***';

const isSecretKey = (key: string): boolean => /(password|secrets?|token|apikey|passphrase)$/i.test(key);

const url = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Up to the last @, because people forget to escape the one in a password. */
const credentials = /(?<=:\/\/)\S*@/;

const secretParameter = /(?<=[?&][\w.-]*(?:password|secret|token|apikey|passphrase)=)[^&#]*/gi;

const isWebhookUrl = (key: string): boolean => /webhookurl$/i.test(key);

/** Whoever knows such an address can post to it: its host alone may be shown. */
const hostOnly = (text: string): string =>
  URL.canParse(text) ? `${new URL(text).origin}/${hidden}` : hidden;

const redactText = (text: string): string =>
  url.test(text) ? text.replace(credentials, `${hidden}@`).replaceAll(secretParameter, hidden) : text;

function redactValue(value: unknown, isSecret: boolean): unknown {
  if (typeof value === 'string') return isSecret && value !== '' ? hidden : redactText(value);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, isSecret));
  if (typeof value !== 'object' || value === null) return isSecret && value != null ? hidden : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isWebhookUrl(key) && typeof inner === 'string'
        ? hostOnly(inner)
        : redactValue(inner, isSecret || isSecretKey(key)),
    ]),
  );
}

/** A copy for display: secrets, `user:password` in URLs, and webhooks' paths become `***`. An empty secret stays empty. */
export function redactConfig<Shown extends object>(config: Shown): Record<keyof Shown & string, unknown> {
  return redactValue(config, false) as Record<keyof Shown & string, unknown>;
}
