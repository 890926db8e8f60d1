/**
 * A file in a data folder. While it is there, the server starts no build and no job, and sends nothing to other services. A restored
 * server can begin that way: the original may still do what waits in the database, and a lifecycle rule would delete images that
 * somebody restored it for.
 */
export const PAUSED = 'paused';
