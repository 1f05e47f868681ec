import { describe, expect, test } from 'vitest';
import { newUserBody, org } from './client.ts';

async function page(url: string, path = '/'): Promise<string> {
  return (await fetch(`${url}${path}`)).text();
}

describe('the admin page', () => {
  test('escapes every value', async () => {
    const evil = `"><script>alert('1')</script>&`;
    const { sandbox, send } = await org({
      users: [{ email: 'ada@example.com', name: evil, username: evil }],
    });
    await send('POST', '', newUserBody('eve@example.com', { name: evil, role: 'User' }));
    sandbox.fault({ operation: 'get', match: evil, effect: { kind: 'drop' } });

    const text = await page(sandbox.url, `/?search=${encodeURIComponent(evil)}`);

    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;');
  });

  test('shows users, invitations, effects and faults', async () => {
    const { sandbox, send } = await org({ users: [{ email: 'old@example.com', is_active: false }] });
    await send('POST', '', newUserBody('ada@example.com', { role: 'Manager' }));
    await send('POST', 'user_invite/', { email: 'guest@example.com', role: 'User' });
    sandbox.fault({ operation: 'list', effect: { kind: 'status', status: 503 }, times: 3 });

    const text = await page(sandbox.url);

    for (const part of [
      'ada@example.com',
      'Manager',
      'guest@example.com',
      '<b>created</b>',
      'status 503',
      'struck 0 times of 3',
    ])
      expect(text).toContain(part);
  });

  test('searches, and tells the active from the inactive', async () => {
    const { sandbox } = await org({
      users: [{ email: 'ada@example.com' }, { email: 'adam@example.com', is_active: false }],
    });

    const found = await page(sandbox.url, '/?search=ADA');
    const inactive = await page(sandbox.url, '/?search=ada&show=inactive');
    const nobody = await page(sandbox.url, '/?search=zoe&page=x&show=y');

    expect([found.includes('ada@example.com'), found.includes('adam@example.com')]).toEqual([true, true]);
    expect([inactive.includes('ada@example.com'), inactive.includes('adam@example.com')]).toEqual([
      false,
      true,
    ]);
    expect(nobody).toContain('No user matches.');
  });

  test('turns pages without a script', async () => {
    const users = Array.from({ length: 60 }, (_, index) => ({ email: `p${index}@example.com` }));
    const { sandbox } = await org({ users });

    const first = await page(sandbox.url);
    const second = await page(sandbox.url, '/?search=&show=all&page=2');

    expect(first).toContain('href="?search=&amp;show=all&amp;page=2"');
    expect(first).toContain('1 to 50 of 61');
    expect(second).toContain('51 to 61 of 61');
    expect(await page(sandbox.url, '/?page=9')).toContain('51 to 61 of 61');
  });

  test('has nothing inline, and forbids it', async () => {
    const { sandbox } = await org();

    const answer = await fetch(sandbox.url);
    const text = await answer.text();

    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).not.toMatch(/<style|<script>|\son\w+=|\sstyle=/);
    expect((await fetch(`${sandbox.url}/page/style.css`)).headers.get('content-type')).toContain('text/css');
    expect((await fetch(`${sandbox.url}/page/script.js`)).headers.get('content-type')).toContain(
      'javascript',
    );
  });
});
