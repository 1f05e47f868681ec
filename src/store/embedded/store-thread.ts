/** The thread in which the embedded store lives: it opens the folder, answers at the socket, and ends when it is told to. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { listenOn } from './serve.ts';
import type { StorePlace } from './start-thread.ts';

if (parentPort === null) throw new Error('This is a part of Rollcall, and not a program by itself.');

const { socket, data }: StorePlace = workerData;
const server = await listenOn(socket);
// Only now: others see by the socket that the store has an owner, and PGlite takes a while to load.
const { PGlite } = await import('@electric-sql/pglite');
const database = await PGlite.create(data);
await server.serve(database);
const told = once(parentPort, 'message');
parentPort.postMessage('ready');
await told;
await server.close();
await database.close();
