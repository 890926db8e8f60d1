import { type Database, type DatabaseWriter, openDatabase } from '#db/database.ts';
import { NewerDataFolder } from '#db/migrate.ts';
import { ExitError } from '#process/exit-error.ts';
import type { DataFolder } from './data-folder.ts';

/**
 * Opens and migrates the database of a data folder. Throws `ExitError` 4 if a newer version of Slipway wrote it, and this one
 * does not run on it.
 */
export async function openDatabaseOrExit(folder: DataFolder, writer: DatabaseWriter): Promise<Database> {
  try {
    return await openDatabase(folder.database, writer);
  } catch (error) {
    if (!(error instanceof NewerDataFolder)) throw error;
    throw new ExitError(4, `${error.message}; run that version, or choose another folder with --data`, {
      cause: error,
    });
  }
}
