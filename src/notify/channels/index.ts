/** The channels of the configuration. */
import type { ChannelConfig, NotifyConfig } from '../../../config/index.ts';
import type { Channel } from './channel.ts';
import { mailChannel } from './mail.ts';
import { slackChannel } from './slack.ts';
import { teamsChannel } from './teams.ts';
import { webhookChannel } from './webhook.ts';

export type { Channel, Delivery, Probed } from './channel.ts';

export const channelsOf = ({ channels }: Pick<NotifyConfig, 'channels'>): readonly Channel[] =>
  Object.entries(channels).map(([name, config]) => channelOf(name, config));

function channelOf(name: string, config: ChannelConfig): Channel {
  if (config.type === 'mail') return mailChannel(name, config);
  const { webhookUrl, ca } = config;
  const address = { channel: name, webhookUrl, ca };
  switch (config.type) {
    case 'slack':
      return slackChannel(address);
    case 'teams':
      return teamsChannel(address);
    case 'webhook':
      return webhookChannel(address, config.secret, () => new Date());
    default:
      return config satisfies never;
  }
}
