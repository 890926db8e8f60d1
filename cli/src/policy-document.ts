import { readGivenFile } from './given-file.ts';

/** The text of a policy: a file's, or what is given where it is JSON itself. The server judges it. Throws `CliError`. */
export function readDocument(fileOrJson: string): string {
  return fileOrJson.trimStart().startsWith('{') ? fileOrJson : readGivenFile(fileOrJson, 'policy');
}

/** A policy that allows actions on resources, for what needs no file. */
export function allowing(actions: readonly string[], resources: readonly string[]): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] });
}
