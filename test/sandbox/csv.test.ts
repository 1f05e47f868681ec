import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { org } from './client.ts';

const file = `email,username,name,role,is_active
ada@example.com,ada,"Lovelace, Ada",Manager,
grace@example.com,grace,Grace,,true
bob@example.com,,Bob,,
eve@example.com,eve,Eve,Emperor,
off@example.com,off,Off,,False
ADA@example.com,ada2,Ada again,,
`;

const errors = [
  { row: 2, email: 'grace@example.com', error: 'A user with this email already exists.' },
  { row: 3, email: 'bob@example.com', error: 'Please provide username.' },
  { row: 4, email: 'eve@example.com', error: 'Please provide a valid role.' },
];

describe('the CSV endpoints', () => {
  test('validate_csv/ names each bad row and creates nobody', async () => {
    const { sandbox, sendCsv } = await org({ users: [{ email: 'grace@example.com' }] });

    const answer = await sendCsv('validate_csv/', file);

    const twice = {
      row: 6,
      email: 'ADA@example.com',
      error: 'This email stands in the file more than once.',
    };
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ status: 'error', rows: 6, valid: 2, errors: [...errors, twice] });
    expect([sandbox.users.length, sandbox.effects]).toEqual([2, []]);
  });

  test('upload_csv/ creates the good rows and names the bad ones', async () => {
    const { sandbox, sendCsv } = await org({ users: [{ email: 'grace@example.com' }] });

    const answer = await sendCsv('upload_csv/', file);

    const twice = { row: 6, email: 'ADA@example.com', error: 'A user with this email already exists.' };
    expect(answer.json).toEqual({ status: 'error', rows: 6, created: 2, errors: [...errors, twice] });
    expect(sandbox.find('ada@example.com')).toMatchObject({
      profile: { name: 'Lovelace, Ada', is_active: true, actual_username: 'ada' },
      extras: { role: 'Manager' },
    });
    expect(sandbox.find('off@example.com')?.profile.is_active).toBe(false);
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual(['created', 'created']);
  });

  test('what is no file, or no CSV, is refused', async () => {
    const { send, sendCsv } = await org();

    expect((await send('POST', 'upload_csv/', {})).json).toEqual({ error: 'Please provide a file.' });
    expect((await sendCsv('upload_csv/', 'email,username\n"a')).json.error).toMatch(
      /^The file is not valid CSV/,
    );
  });

  test('download_csv/ has a line for every user', async () => {
    const name = 'Lovelace, "Ada"\n';
    const { sandbox, send } = await org({ users: [{ email: 'ada@example.com', name, customer_id: [7] }] });

    const answer = await send('GET', 'download_csv/');

    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const rows = parse<Record<string, string>>(answer.text, { columns: true });
    expect(rows.map((row) => row.profile_id)).toEqual(sandbox.users.map((user) => user.profile.profile_id));
    expect(rows[1]).toMatchObject({ name, email: 'ada@example.com', is_active: 'true', customer_id: '[7]' });
  });
});
