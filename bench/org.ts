/** An org for a benchmark: the sandbox in a process of its own, and what has come to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { SandboxOptions } from '../src/sandbox/index.ts';

const place = z.object({ url: z.string(), apiKey: z.string() });
const counted = z.object({ requests: z.object({ list: z.number(), create: z.number() }) });
const made = z.object({ effects: z.array(z.object({ kind: z.string(), email: z.string().nullish() })) });

export interface BenchOrg extends z.infer<typeof place> {
  /** How many requests came, by endpoint. */
  requests(): Promise<z.infer<typeof counted>['requests']>;
  /** How many people were created, if everybody was once. */
  created(): Promise<number>;
}

/** @param closing - ends it */
export async function startOrg(
  closing: AsyncDisposableStack,
  options: Pick<SandboxOptions, 'latencyMs' | 'users'> = {},
): Promise<BenchOrg> {
  const file = join(import.meta.dirname, 'sandbox-process.ts');
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  closing.defer(async () => {
    child.stdin.end();
    await once(child, 'close');
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url, apiKey } = place.parse(JSON.parse(String(line)));
  const ask = async (what: string): Promise<unknown> => (await fetch(`${url}/_sandbox/${what}`)).json();
  return {
    url,
    apiKey,
    requests: async () => counted.parse(await ask('requests')).requests,
    async created() {
      const { effects } = made.parse(await ask('effects'));
      const people = effects.map(({ email }) => email);
      if (new Set(people).size !== people.length) throw new Error('Somebody was created twice.');
      return people.length;
    },
  };
}
