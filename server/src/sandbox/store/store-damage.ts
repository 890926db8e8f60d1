import type { Readable } from 'node:stream';
import type { BoxEnd } from '../box/box.ts';
import { DOCKERFILE_ERROR, finalError } from '../protocol/builder-errors.ts';

/**
 * How certain it is that a store, and not the source, ended a build. A builder that died while a step ran may have been
 * killed, and the step is not run again.
 */
export type StoreSuspicion = 'sure' | 'unclear' | 'died in a step' | undefined;

const KEPT_BYTES = 64 * 1024;
/** The builder's errors if its store lacks something that it has on record, or has other content. */
const DAMAGE_WORDS = [
  'input/output error',
  'structure needs cleaning',
  'bad message',
  'unexpected commit digest',
  'failed to stat parent',
  'missing parent',
  'parent snapshot',
  'failed to create snapshot',
  'failed to prepare',
  'failed to mount',
  'failed to rename',
  'failed commit on ref',
  'content digest sha256:',
  'blob sha256:',
  'io.containerd.',
  'invalid database',
  'invalid checksum',
  'snapshot does not exist',
];
/** The client's only error if the builder ends as it connects. What a step prints never begins a line here. */
const NO_CONNECTION = /^ERROR: error during connect: /m;
/** A file of the builder's own, and not of an image. */
const OWN_FILE = /^l?stat \/store\//;
/** The builder's errors about a source: it would print the same ones with an intact store. */
const SOURCE_WORDS = [
  /did not complete successfully: exit code: \d+$/,
  /^(failed to compute cache key: )?failed to calculate checksum of ref [^"]*"[^"]*": not found$/,
  /^dockerfile parse error/,
  /denied by policy/,
  /^secret \S+: not found$/,
  /^unset ssh forward key /,
  /^process ".*" did not complete successfully: unable to find (user|group) [^":]*: (no matching entries in (passwd|group) file|bufio\.Scanner: token too long)$/,
  /^process ".*" did not complete successfully: uids and gids must be in range /,
  /^l?stat \/.*: (no such file or directory|not a directory|too many links)$/,
  /^cannot (replace to directory|copy to non-directory) /,
  /^too many links$/,
  /^checksum requires /,
  /^digest mismatch /,
  /^(failed to load cache key: )?(Get "|failed to fetch remote |invalid response status )/,
  /^Syntax error /,
  DOCKERFILE_ERROR,
];

/**
 * Whether a build that got the store of an earlier build may have failed because of it. `words` is the builder's last
 * output, `isClean` whether the kernel found its file system undamaged, `hasRun` whether the program of a step had
 * begun: a builder that dies after that has read its store, and other things may have killed it.
 */
export function suspectStore(
  end: BoxEnd,
  words: string,
  { isClean, hasRun }: { isClean: boolean; hasRun: boolean },
): StoreSuspicion {
  const { events } = end;
  const said = (name: string): boolean => events.some((event) => event === name || event.startsWith(`${name} `));
  if (said('copied') || said('network-died') || said('disk-full')) return undefined;
  if (end.counters.oomKills > 0 || end.counters.pidsMaxEvents > 0) return undefined;
  if (said('failed store mount') || said('failed store folders')) return 'sure';
  if (said('no-daemon') || !isClean) return 'sure';
  const isGone = said('daemon-died') || said('containerd-died') || NO_CONNECTION.test(words);
  if (isGone) return hasRun ? 'died in a step' : 'sure';
  const reason = finalError(words)?.replace(/^failed to solve: /, '');
  const isOfSource = (said: string) => !OWN_FILE.test(said) && SOURCE_WORDS.some((form) => form.test(said));
  if (reason === undefined || isOfSource(reason)) return undefined;
  return DAMAGE_WORDS.some((part) => reason.includes(part)) ? 'sure' : 'unclear';
}

/** Keeps the end of a box's output, which has the builder's errors. Call it when something reads the box's output. */
export function keepEndOf(output: Readable): () => string {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  output.on('data', (chunk: Buffer) => {
    kept.push(chunk);
    keptBytes += chunk.length;
    if (keptBytes < 2 * KEPT_BYTES) return;
    kept = [Buffer.from(Buffer.concat(kept).subarray(-KEPT_BYTES))];
    keptBytes = KEPT_BYTES;
  });
  return () => Buffer.concat(kept).subarray(-KEPT_BYTES).toString();
}
