import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from '../../config/index.ts';

describe('the JSON Schema', () => {
  it('is one that can be read back, and takes what the configuration takes', () => {
    const read = z.fromJSONSchema(JSON.parse(JSON.stringify(configJsonSchema())));
    const base = {
      profileApi: { url: 'https://app.example.com', apiKey: 'k' },
      sources: [{ id: 'a', type: 'ldif', file: 'x' }],
    };

    expect(read.safeParse(base).success).toBe(true);
    expect(read.safeParse({ ...base, lifecycle: { grace: '24h' } }).success).toBe(true);
    expect(read.safeParse({ ...base, lifecycle: { grace: '24' } }).success).toBe(false);
    expect(read.safeParse({ ...base, lifecycle: { graze: '24h' } }).success).toBe(false);
  });

  it('lets a reference stand where text of a form is asked for', () => {
    const read = z.fromJSONSchema(JSON.parse(JSON.stringify(configJsonSchema())));

    const config = {
      profileApi: { url: '${env:URL}', apiKey: '${env:KEY}', timeout: '${env:TIMEOUT}' },
      sources: [{ id: 'a', type: 'ldap', url: '${file:/run/url}', baseDn: 'dc=x' }],
    };

    expect(read.safeParse(config).error).toBeUndefined();
  });

  it('tells editors what keys are for, and their defaults', () => {
    const { properties } = configJsonSchema();

    expect(properties?.profileApi?.properties?.url?.description).toContain('Where the org is');
    expect(properties?.profileApi?.properties?.timeout).toMatchObject({
      description: expect.stringContaining('one request'),
      default: '30s',
    });
    expect(properties?.scope).toMatchObject({ description: expect.stringContaining('CEL'), default: 'true' });
  });
});
