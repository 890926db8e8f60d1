import { readGivenFile } from './given-file.ts';

/** The text of a policy: of a file, or the argument itself if it is JSON. The server checks it. Throws `CliError`. */
export function readDocument(fileOrJson: string): string {
  return fileOrJson.trimStart().startsWith('{') ? fileOrJson : readGivenFile(fileOrJson, 'policy');
}

/** A policy that allows actions on resources, for use without a file. */
export function allowing(actions: readonly string[], resources: readonly string[]): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] });
}
