/** Raw requests to a sandbox, by fetch alone, and a body that every create accepts. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Org {
  readonly sandbox: Sandbox;
  /** Sends a request to a path below `/ux/common/user/profile/`, with the right key unless told otherwise. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Creates a user, and gives their profile id. */
  create(email: string, more?: Record<string, unknown>): Promise<string>;
  /** Sends a CSV file as the one part of a multipart body. */
  sendCsv(path: string, text: string): Promise<Answer>;
  /** A request to `/_sandbox/`, without a key. */
  control(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** A sandbox that is stopped when the test is over. */
export async function org(options: SandboxOptions = {}): Promise<Org> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const base = `${sandbox.url}/ux/common/user/profile/`;
  const authorization = sandbox.apiKey;

  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return request(`${base}${path}`, method, body, { authorization, ...headers });
  }

  return {
    sandbox,
    send,
    async create(email, more = {}) {
      const answer = await send('POST', '', newUserBody(email, more));
      if (answer.status !== 201) throw new Error(`create answered ${answer.status}: ${answer.text}`);
      return profileIdOf(sandbox, email);
    },
    async sendCsv(path, text) {
      const form = new FormData();
      form.append('file', new Blob([text], { type: 'text/csv' }), 'users.csv');
      return read(await fetch(`${base}${path}`, { method: 'POST', body: form, headers: { authorization } }));
    },
    control: (method, path, body) => request(`${sandbox.url}/_sandbox/${path}`, method, body, {}),
  };
}

export function newUserBody(email: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { email, username: email, ...passwords('correct horse'), ...more };
}

/** Both password properties for one password, encoded each with a key and a salt of its own. */
export function passwords(
  password: string,
  confirmation = password,
): { password: string; confirm_password: string } {
  return { password: encodePassword(password), confirm_password: encodePassword(confirmation) };
}

export function profileIdOf(sandbox: Sandbox, email: string): string {
  const user = sandbox.find(email);
  if (user === undefined) throw new Error(`${email} is not in the sandbox`);
  return user.profile.profile_id;
}

async function request(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  if (body === undefined) return read(await fetch(url, { method, headers }));
  return read(
    await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, json: isJson ? parse(text) : {} };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function encodePassword(password: string): string {
  const passphrase = randomBytes(16).toString('hex');
  const salt = randomBytes(8);
  let block = Buffer.alloc(0);
  let derived = Buffer.alloc(0);
  while (derived.length < 48) {
    block = createHash('md5')
      .update(Buffer.concat([block, Buffer.from(passphrase), salt]))
      .digest();
    derived = Buffer.concat([derived, block]);
  }
  const cipher = createCipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(32));
  const sealed = Buffer.concat([Buffer.from('Salted__'), salt, cipher.update(password), cipher.final()]);
  return Buffer.from(`${passphrase}::${sealed.toString('base64')}`).toString('base64');
}
