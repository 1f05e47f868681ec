/** The queue, for the other parts of the program. */
export {
  type JobEvents,
  type JobProcessor,
  type JobQueue,
  type JobWorker,
  type JobWorkerOptions,
  openQueueBackend,
  type QueueBackend,
  type QueueBackendOptions,
  takeLater,
} from './connection.ts';
export {
  createDispatcher,
  type Dispatcher,
  type DispatcherOptions,
  leaverQueueName,
  type OperationJob,
  operationQueueName,
  operationsIn,
  type QueueDepth,
} from './dispatch.ts';
export { QueueError } from './queue-error.ts';
export { type PaceListeners, type SharedPace, sharedPace } from './rate-limit.ts';
export type { SlotBook, SlotLimit } from './slot-book.ts';
