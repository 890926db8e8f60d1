import { readFile } from 'node:fs/promises';
import { CliError, EXIT_CODES } from './cli-error.ts';

/** The text of a policy: a file's, or what is given where it is JSON itself. The server judges it. Throws `CliError`. */
export async function readDocument(fileOrJson: string): Promise<string> {
  if (fileOrJson.trimStart().startsWith('{')) return fileOrJson;
  try {
    return await readFile(fileOrJson, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CliError(EXIT_CODES.usage, `the policy ${fileOrJson} cannot be read (${code})`, { cause });
  }
}

/** A policy that allows actions on resources, for what needs no file. */
export function allowing(actions: readonly string[], resources: readonly string[]): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] });
}
