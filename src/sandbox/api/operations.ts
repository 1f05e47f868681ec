/** The sixteen endpoints by the names that faults and request counts use. */
export const operations = [
  'list',
  'create',
  'get',
  'edit',
  'delete',
  'invite',
  'me',
  'options',
  'activeList',
  'activeUsers',
  'validateCsv',
  'uploadCsv',
  'downloadCsv',
  'preference',
  'myprofile',
  'logout',
] as const;

/** The name of one endpoint. */
export type Operation = (typeof operations)[number];

/** How many requests came to each endpoint, refused and faulty ones included. */
export type RequestCounts = Readonly<Record<Operation, number>>;

export class RequestCounter {
  readonly #counts: Record<Operation, number> = {
    list: 0,
    create: 0,
    get: 0,
    edit: 0,
    delete: 0,
    invite: 0,
    me: 0,
    options: 0,
    activeList: 0,
    activeUsers: 0,
    validateCsv: 0,
    uploadCsv: 0,
    downloadCsv: 0,
    preference: 0,
    myprofile: 0,
    logout: 0,
  };

  count(operation: Operation): void {
    this.#counts[operation] += 1;
  }

  /** A copy, that later requests do not change. */
  counts(): RequestCounts {
    return { ...this.#counts };
  }
}
