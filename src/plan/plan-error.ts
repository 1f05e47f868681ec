/** A run could not make a plan, and nothing was changed. The message says why and what to do. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}
