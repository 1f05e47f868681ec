/** Docker's health check: whether the service in this container answers. The image has no curl. */
const port = process.env.ROLLCALL__SERVER__PORT || '8080';
const url = `http://127.0.0.1:${port}/healthz`;

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  console.error(`${url} is not healthy: ${error instanceof Error ? error.message : error}${cause}`);
  process.exitCode = 1;
}
