import { CliError, EXIT_CODES } from './cli-error.ts';

const BUILD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads a BuildRecordId and returns it in lower case. Throws `CliError`. */
export function parseBuildId(text: string): string {
  if (!BUILD_ID.test(text)) {
    const shown = JSON.stringify(text.slice(0, 200));
    throw new CliError(EXIT_CODES.usage, `${shown} is not a BuildRecordId; slipway builds lists them`);
  }
  return text.toLowerCase();
}
