/**
 * The state store cannot answer: disk full, a statement past its deadline, or its process ended. What was committed is
 * kept; the statement or transaction in flight may or may not have been stored, so a retry must be idempotent.
 */
export class StoreUnavailable extends Error {
  readonly code = 'STORE_UNAVAILABLE';
  readonly reason: 'disk_full' | 'deadline' | 'ended' | 'open_failed';

  constructor(reason: StoreUnavailable['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailable';
    this.reason = reason;
  }
}

/** The outer handle was used inside a transaction: on PGlite's single session that would wait for itself for ever. */
export class NestedUse extends Error {
  readonly code = 'NESTED_USE';

  constructor() {
    super('The database gate was used inside an open transaction. Use the transaction\'s own handle (tx), or do this after commit.');
    this.name = 'NestedUse';
  }
}

/** Another process has the data folder open. */
export class DataFolderInUse extends Error {
  readonly code = 'DATA_FOLDER_IN_USE';
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`The data folder ${folder} is in use by process ${pid}. Stop that process first: two at once would lose data.`);
    this.name = 'DataFolderInUse';
    this.pid = pid;
  }
}

/** Migrations cannot go on: a file was edited after it ran, is missing, or failed. */
export class MigrationRefused extends Error {
  readonly code = 'MIGRATION_REFUSED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationRefused';
  }
}
