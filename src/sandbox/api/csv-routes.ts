/** The CSV endpoints: check a file, load it, and take the users away as one. */
import type { FastifyInstance } from 'fastify';
import { type CsvOutcome, uploadCsv, usersAsCsv, validateCsv } from '../org/csv-file.ts';
import type { SandboxState } from '../state.ts';
import { authorOf, uploadedText } from './request.ts';

export function addCsvRoutes(api: FastifyInstance, state: SandboxState): void {
  const { org, rules, journal } = state;

  api.post('/validate_csv/', { config: { operation: 'validateCsv' } }, async (request) => {
    const outcome = validateCsv(org, rules, await uploadedText(request));
    return { ...summary(outcome), valid: outcome.good };
  });

  api.post('/upload_csv/', { config: { operation: 'uploadCsv' } }, async (request) => {
    const text = await uploadedText(request);
    const outcome = uploadCsv(org, rules, journal, text, authorOf(request), request.rowsTaken);
    return { ...summary(outcome), created: outcome.good };
  });

  api.get('/download_csv/', { config: { operation: 'downloadCsv' } }, (_request, reply) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="users.csv"')
      .send(usersAsCsv(org.users())),
  );
}

function summary({ rows, errors }: CsvOutcome): Record<string, unknown> {
  return { status: errors.length === 0 ? 'success' : 'error', rows, errors };
}
