/** The clock: when sources are read, and when nothing is written. Pure; the time is given. */
export { dueTick, nextTick, type Punctuality, punctualityOf, type Tick, type TickRule } from './ticks.ts';
export {
  type Closure,
  closedAround,
  closuresBetween,
  type Maintenance,
  type MaintenanceWindow,
  maintenanceAt,
  type Standstill,
} from './windows.ts';
