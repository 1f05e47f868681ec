/** Imported before the program by its process, and by each thread of that: at SIGUSR2, its threads fail as they would without memory. */
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const channel = new BroadcastChannel('fail');
channel.unref();
if (isMainThread) process.on('SIGUSR2', () => channel.postMessage('now'));
else
  channel.onmessage = () => {
    throw new Error('out of memory');
  };
