/** Messages for tests. */
import type { OutgoingAlert } from '../../src/notify/channels/channel.ts';
import type { AlertContent } from '../../src/store/incidents/incident.ts';

export const content = (more: Partial<AlertContent> = {}): AlertContent => ({
  event: 'run-failed',
  phase: 'opened',
  incidents: [
    {
      subject: 'source corp',
      sentence: 'The directory cannot be reached.',
      commands: ['rollcall runs k3v9m2wt', 'rollcall check'],
      page: '/runs/k3v9m2wt',
      since: '2026-03-02T08:00:00.000Z',
    },
  ],
  more: 0,
  ...more,
});

export const alertOf = (more: Partial<AlertContent> = {}): OutgoingAlert => ({
  id: '6a1f2c9e-0000-4000-8000-000000000001',
  madeAt: new Date('2026-03-02T08:01:00Z'),
  content: content(more),
  baseUrl: 'https://rollcall.example.com/',
});

/** A message about something of which outsiders wrote this. */
export const alertSaying = (outside: string): OutgoingAlert => {
  const [incident] = content().incidents;
  if (incident === undefined) throw new Error('There is none.');
  return alertOf({ incidents: [{ ...incident, subject: outside, sentence: outside }] });
};
