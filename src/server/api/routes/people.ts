import { z } from 'zod';
import { timeZone } from '../../../../config/scalars.ts';
import {
  adoptFor,
  conflictsIn,
  departuresCalled,
  dispatchSoon,
  explainNamed,
  ignoreNamed,
  inviteNamed,
  type SaidOutcome,
  sayLeft,
  sayReturned,
  sourcesNamed,
  takeRulingBack,
} from '../../../acts/index.ts';
import { isAtWork } from '../../../engine/index.ts';
import { conflictsJson, departureJson, explanationJson, rulingJson } from '../../../json/index.ts';
import { conflicts, ruled, takenBack } from '../../../json/schemas/operation.ts';
import { plainText, reason, sourceName, who } from '../../../json/schemas/parts.ts';
import { answer, departure, explanation, invited } from '../../../json/schemas/person.ts';
import { ApiProblem, unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

const ofSource = z.strictObject({ source: sourceName.optional() });
const person = { who, source: sourceName.optional() };
const word = z
  .strictObject({ ...person, reason })
  .meta({ examples: [{ who: 'ann@example.com', reason: 'She asked for it' }] });

export function addPeople(api: Api): void {
  const { engine } = api;
  const { db } = engine.store;

  api.json({
    ...{ method: 'GET', path: '/explain', id: 'explain', role: 'viewer', tag: 'People' },
    summary: 'One person, end to end',
    description:
      'What the source says, which rules took what, what they were matched to, how each attribute stands, what the next run would do, and what has happened. It asks the source and the org about this one person, and changes nothing.',
    query: z.strictObject(person),
    answer: explanation,
    problems: ['not-found', 'ambiguous', 'no-answer'],
    handle: async ({ query: { who: name, source }, signal }) => {
      const outcome = unlessRefused(await explainNamed(engine, { who: name, source, signal }));
      if (outcome.kind === 'no-answer') throw new ApiProblem('no-answer', outcome.sentence);
      return explanationJson(outcome.explanation);
    },
  });

  api.json({
    ...{ method: 'GET', path: '/conflicts', id: 'listConflicts', role: 'viewer', tag: 'People' },
    summary: 'What a person must decide, and what was decided',
    query: ofSource,
    answer: z.object({ items: z.array(conflicts) }),
    problems: ['not-found'],
    handle: async ({ query }) => {
      const { sources } = unlessRefused(sourcesNamed(engine, query.source));
      const views = await Promise.all(sources.map(({ id }) => conflictsIn(db, id)));
      return { items: views.map(conflictsJson) };
    },
  });

  api.json({
    ...{ method: 'POST', path: '/rulings/adopt', id: 'adopt', role: 'operator', tag: 'People' },
    summary: "Says that a profile is this person's; the next run adopts it",
    body: z
      .strictObject({ ...person, profile: plainText.meta({ description: "The profile's id" }), reason })
      .meta({ examples: [{ who: 'ann@example.com', profile: 'p7k2', reason: 'It is hers' }] }),
    answer: ruled,
    problems: ['not-found', 'ambiguous', 'no-answer'],
    handle: async ({ acting, body, signal }) => {
      const outcome = unlessRefused(await adoptFor(acting, body, signal));
      return { ruling: rulingJson(outcome.ruling), superseded: outcome.superseded };
    },
  });
  api.json({
    ...{ method: 'POST', path: '/rulings/ignore', id: 'ignore', role: 'operator', tag: 'People' },
    summary: 'Leaves a person alone in all runs, also when they leave',
    body: word,
    answer: ruled,
    problems: ['not-found', 'ambiguous', 'no-answer'],
    handle: async ({ acting, body, signal }) => {
      const outcome = unlessRefused(await ignoreNamed(acting, body, signal));
      return { ruling: rulingJson(outcome.ruling), superseded: outcome.superseded };
    },
  });
  for (const [id, kind, summary] of [
    ['unadopt', 'adopt', 'Takes back an adoption that no run has carried out yet'],
    ['unignore', 'ignore', 'Treats a person by the rules again'],
  ] as const)
    api.json({
      ...{ method: 'POST', path: `/rulings/${id}`, id, role: 'operator', tag: 'People', summary },
      body: word,
      answer: takenBack,
      problems: ['not-found', 'ambiguous'],
      handle: async ({ acting, body }) => {
        const outcome = unlessRefused(await takeRulingBack(acting, body, kind));
        return { takenBack: rulingJson(outcome.ruling) };
      },
    });

  api.json({
    ...{ method: 'GET', path: '/departures', id: 'listDepartures', role: 'viewer', tag: 'People' },
    summary: "Who has left, or will leave, by anybody's word",
    query: z.strictObject({ who: who.optional(), source: sourceName.optional() }),
    answer: z.object({ items: z.array(departure) }),
    problems: ['not-found'],
    handle: async ({ query }) => {
      const { departures } = unlessRefused(await departuresCalled({ engine }, query));
      return { items: departures.map(departureJson) };
    },
  });
  api.json({
    ...{ method: 'POST', path: '/departures', id: 'offboard', role: 'operator', tag: 'People' },
    summary: 'Says that somebody left, or will leave',
    description:
      'They are deactivated at once, ahead of everything else, or at that time; no sync brings them back until `/departures/reinstate`.',
    body: z
      .strictObject({
        ...person,
        reason,
        at: plainText.optional().meta({
          description: 'When: a day (its end), a time, or a time with its zone. At once where left out',
        }),
        timezone: timeZone.optional().meta({ description: 'Of an `at` that names none' }),
      })
      .meta({
        examples: [
          { who: 'ann@example.com', reason: 'Contract ended' },
          { who: 'ann@example.com', at: '2026-03-31', timezone: 'Europe/Vienna', reason: 'Contract ends' },
        ],
      }),
    status: 202,
    answer,
    problems: ['not-found', 'ambiguous'],
    location: ({ run }) => (run === null ? '/departures' : `/runs/${run}`),
    handle: async ({ acting, body: { at: text, timezone, ...said } }) => {
      const when =
        text === undefined ? ({ kind: 'now' } as const) : ({ kind: 'text', text, timezone } as const);
      return await told(await sayLeft(acting, { ...said, when }));
    },
  });
  api.json({
    ...{ method: 'POST', path: '/departures/reinstate', id: 'reinstate', role: 'operator', tag: 'People' },
    summary: 'Takes back that somebody left',
    description: 'The ordinary rules go on from the next run.',
    body: word,
    answer,
    problems: ['not-found', 'ambiguous'],
    handle: async ({ acting, body }) => await told(await sayReturned(acting, body)),
  });

  async function told(outcome: SaidOutcome) {
    const { answer: said } = unlessRefused(outcome);
    return {
      outcome: doneOutcome.parse(said.outcome),
      sentence: said.sentence,
      run: said.run ?? null,
      served: await isAtWork(db, 'worker'),
    };
  }

  api.json({
    ...{ method: 'POST', path: '/invitations', id: 'inviteAgain', role: 'operator', tag: 'People' },
    summary: 'Sends one more invitation to somebody who has not accepted',
    body: word,
    status: 202,
    answer: invited,
    problems: ['not-found', 'ambiguous', 'no-answer'],
    location: ({ run }) => `/runs/${run}`,
    handle: async ({ acting, body, signal }) => {
      const { run, member } = unlessRefused(await inviteNamed(acting, body, signal));
      await dispatchSoon(engine);
      return { run, email: member.email, served: await isAtWork(db, 'worker') };
    },
  });
}

const doneOutcome = answer.shape.outcome;
