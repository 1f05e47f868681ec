/** What people and machines see of Rollcall at the command line: the forms of src/json in, text out. */
export { renderAudit } from './audit.ts';
export { renderChapters } from './chapters.ts';
export { type CheckView, renderCheck } from './check.ts';
export { type Colours, createColours, type Screen, wantsColours } from './colours.ts';
export { renderConflicts } from './conflicts.ts';
export { renderDepartures } from './departures.ts';
export { renderExplanation } from './explain/explain.ts';
export { renderOperations } from './operations.ts';
export { renderPlan } from './plan.ts';
export type { Progress, ProgressUpdate } from './progress.ts';
export { renderReport } from './report/index.ts';
export { renderRuns } from './runs.ts';
export { pauseOfSource, standstill } from './standstill.ts';
export { renderStatus, watchTitle } from './status.ts';
export {
  createTerminal,
  endQuietlyWith,
  fitted,
  type Output,
  type Terminal,
  type TerminalOptions,
  widthOf,
} from './terminal.ts';
export { renderWhatIf } from './what-if.ts';
export { wrap } from './wrap.ts';
