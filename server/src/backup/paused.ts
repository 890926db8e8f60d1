/**
 * A file in a data folder. While it is there, the server starts no build and sends nothing to other services. A restored server can
 * begin that way, because the original may still do what waits in the database.
 */
export const PAUSED = 'paused';
