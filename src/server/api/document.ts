/** What the OpenAPI document says besides the routes. */
import type { SwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

export const documentOptions: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description: [
        'Everything that the command line of Rollcall does, over HTTP. Tokens with a role are in the configuration (`server.tokens`): a viewer reads, an operator also acts, an approver also approves, rejects and lets guards give way.',
        'Errors are `application/problem+json` (RFC 9457); `type` is stable. Lists are paged: `next` is the `cursor` of the next page. Every POST takes an `Idempotency-Key`. Every answer has the version of Rollcall in the header `rollcall-version`.',
      ].join('\n\n'),
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Status', description: 'How things are' },
      { name: 'Sources', description: 'Where people are read from' },
      { name: 'Runs', description: 'What was read, planned and done' },
      { name: 'Operations', description: 'What is done to single people' },
      { name: 'People', description: 'Single people: why, and what operators say of them' },
      { name: 'Audit', description: 'Who changed what, when and why' },
      { name: 'Configuration', description: 'What is in force' },
    ],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'One of `server.tokens`' },
      },
    },
  },
  transform: (route) => withHeaders(route, jsonSchemaTransform(route)),
  transformObject: (document) => asAnswered(jsonSchemaTransformObject(document)),
};

type Transform = typeof jsonSchemaTransform;

/** The schemas of headers are plain JSON already, and the transformation for zod's leaves them out. */
function withHeaders(
  { schema: given }: Parameters<Transform>[0],
  { schema, url }: ReturnType<Transform>,
): ReturnType<Transform> {
  const responses: Readonly<Record<string, unknown>> = Object(schema.response);
  const response = Object.entries(responses).map(([status, told]) => {
    const { headers } = Object(Object(given?.response)[status]);
    return [status, headers === undefined ? told : { ...Object(told), headers }];
  });
  return { url, schema: { ...schema, response: Object.fromEntries(response) } };
}

/**
 * Each named schema is made twice, as it is answered and as it would be sent: nobody sends one. And what is answered may
 * have more in it one day, while what is sent has to be as it says.
 */
function asAnswered<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (key, value) => {
    if (key !== 'responses' && key !== 'schemas') return value;
    const open = JSON.parse(JSON.stringify(value), (inner, what) =>
      inner === 'additionalProperties' && what === false ? undefined : what,
    );
    return key === 'responses' ? open : withoutSent(open);
  });
}

const withoutSent = (schemas: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schemas).filter(
      ([name]) => !(name.replace(/Input$/, '') in schemas && name.endsWith('Input')),
    ),
  );
