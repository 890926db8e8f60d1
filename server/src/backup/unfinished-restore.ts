/** A file in a data folder that is being restored. No server starts beside it. */
export const UNFINISHED = 'unfinished-restore.json';
