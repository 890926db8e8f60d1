import { stat } from 'node:fs/promises';
import { counted } from '@slipway/client/counted.ts';
import type { NewBuild } from '@slipway/client/native.gen.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { GIT_ADDRESS, gitSource } from '../input/git-source.ts';

/** A place as the request names it. */
type Context = NonNullable<NewBuild['BuildContexts']>[number];

/** One `--build-context`. */
interface ContextSpec {
  name: string;
  /** The fields of the request; undefined for a folder, which is sent first. */
  fields: Omit<Context, 'Name'> | undefined;
  folder: string;
}

const IMAGE = 'docker-image://';
const CONTEXTS_LIMIT = 16;

/** Reads `--build-context NAME=PLACE`. Checks that each folder exists before anything is sent. Throws `CliError`. */
export async function readContexts(given: readonly string[]): Promise<ContextSpec[]> {
  if (given.length > CONTEXTS_LIMIT)
    throw mistake(`it is given ${counted(given.length, 'time')}; ${CONTEXTS_LIMIT} is the limit`);
  const specs: ContextSpec[] = [];
  for (const text of given) specs.push(await readContext(text));
  return specs;
}

/** Sends the folders, and returns the request fields of all contexts. */
export async function sendContexts(
  specs: readonly ContextSpec[],
  send: (folder: string) => Promise<{ ArchiveId: string }>,
): Promise<Context[]> {
  const sent: Context[] = [];
  for (const { name, fields, folder } of specs) {
    sent.push({ Name: name, ...(fields ?? { ArchiveId: (await send(folder)).ArchiveId }) });
  }
  return sent;
}

async function readContext(text: string): Promise<ContextSpec> {
  const at = text.indexOf('=');
  const [name, place] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (name === '' || place === '')
    throw mistake(`${JSON.stringify(text)} is not of the form NAME=FOLDER, NAME=docker-image://IMAGE or NAME=GIT_URL`);
  if (place.startsWith(IMAGE)) return { name, fields: { Image: place.slice(IMAGE.length) }, folder: '' };
  if (GIT_ADDRESS.test(place)) return { name, fields: gitSource(place), folder: '' };
  if (/^(oci-layout|target):/.test(place))
    throw mistake(`${JSON.stringify(place)} cannot be used here; name a folder, docker-image://IMAGE or a Git address`);
  const stats = await stat(place).catch(() => undefined);
  if (!stats?.isDirectory()) throw mistake(`${place} ${stats ? 'is not a folder' : 'does not exist'}`);
  return { name, fields: undefined, folder: place };
}

function mistake(message: string): CliError {
  return new CliError(EXIT_CODES.usage, `--build-context: ${message}`);
}
