/** The faults that are set, and which of them a request meets. */
import type { Operation } from '../api/operations.ts';
import { type Fault, type FaultEffect, type FaultRequest, faultRequest } from './fault.ts';

export interface FaultState extends Fault {
  readonly id: number;
  /** Requests that matched, and those that it struck. */
  readonly matched: number;
  readonly fired: number;
}

/** To follow and to clear one fault. */
export interface FaultHandle {
  readonly id: number;
  readonly fired: number;
  /** Takes the fault away; nothing where it has run out. */
  clear(): void;
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  matched: number;
  fired: number;
}

export class FaultBook {
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;

  /** @throws ZodError where the fault makes no sense */
  set(request: FaultRequest): FaultHandle {
    this.#lastId += 1;
    const entry: Entry = { id: this.#lastId, fault: faultRequest.parse(request), matched: 0, fired: 0 };
    this.#entries.set(entry.id, entry);
    return {
      id: entry.id,
      get fired() {
        return entry.fired;
      },
      clear: () => void this.clear(entry.id),
    };
  }

  clear(id: number): boolean {
    return this.#entries.delete(id);
  }

  clearAll(): void {
    this.#entries.clear();
  }

  list(): readonly FaultState[] {
    return Array.from(this.#entries.values(), ({ id, fault, matched, fired }) => ({
      ...fault,
      id,
      matched,
      fired,
    }));
  }

  /** Counts the request at every fault that matches it, and tells what it meets, in the order the faults were set. */
  strike(operation: Operation, subjects: ReadonlySet<string>): readonly FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const entry of this.#entries.values()) {
      const { fault } = entry;
      if (fault.operation !== '*' && fault.operation !== operation) continue;
      if (fault.match !== undefined && !subjects.has(fault.match.toLowerCase())) continue;
      entry.matched += 1;
      if (entry.matched % fault.every !== 0) continue;
      if (fault.times !== undefined && entry.fired >= fault.times) continue;
      entry.fired += 1;
      effects.push(fault.effect);
    }
    return effects;
  }
}
