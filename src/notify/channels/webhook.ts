/** JSON by POST, for machines, by the Standard Webhooks: https://www.standardwebhooks.com. */
import { Webhook } from 'standardwebhooks';
import type { AlertPhase } from '../../store/incidents/incident.ts';
import { compose, inLines } from '../compose.ts';
import type { Channel, OutgoingAlert } from './channel.ts';
import { type PostAddress, post, probeAddress } from './post.ts';

const types: Readonly<Record<AlertPhase, string>> = {
  opened: 'alert.opened',
  lasting: 'alert.lasting',
  resolved: 'alert.resolved',
  test: 'alert.test',
};

export function webhookChannel(address: PostAddress, secret: string | undefined, now: () => Date): Channel {
  return {
    name: address.channel,
    async send(alert, signal) {
      const body = JSON.stringify(payload(alert));
      // Each try is signed anew: receivers refuse what was signed long ago.
      const at = now();
      const signature = secret === undefined ? undefined : new Webhook(secret).sign(alert.id, at, body);
      const headers = {
        'webhook-id': alert.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        ...(signature === undefined ? {} : { 'webhook-signature': signature }),
      };
      return await post(address, body, headers, signal);
    },
    probe: (signal) => probeAddress(address, signal),
  };
}

function payload({ content, madeAt, baseUrl }: OutgoingAlert) {
  const { title, means, link } = compose(content, baseUrl);
  const { event, phase, incidents, more } = content;
  return {
    type: types[phase],
    timestamp: madeAt.toISOString(),
    data: {
      event: phase === 'test' ? 'test' : event,
      title,
      means,
      link: link ?? null,
      incidents: incidents.map(({ commands, since, until, ...facts }) => ({
        ...{ ...inLines(facts), commands, since },
        until: until ?? null,
      })),
      more,
    },
  };
}
