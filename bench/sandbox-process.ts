/** The sandbox org in a process of its own, as an org is in life: see org.ts. It ends with its standard input. */
import { startSandbox } from '../src/sandbox/index.ts';

const sandbox = await startSandbox(JSON.parse(process.argv[2] ?? '{}'));
console.log(JSON.stringify({ url: sandbox.url, apiKey: sandbox.apiKey }));
process.stdin.resume().once('end', () => process.exit());
