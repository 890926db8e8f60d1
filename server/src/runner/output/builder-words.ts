import type { FailureKind } from '#build/failure/failure-kind.ts';
import { DOCKERFILE_ERROR } from '#sandbox/protocol/builder-errors.ts';
import { shownIds } from '#sandbox/protocol/ids.ts';

/** Longer messages of the builder are truncated; the log has all of them. */
const LIMIT_CHARS = 300;

/** Messages about the builder itself, its store and its machine, independent of the source. */
const OWN_TROUBLE = [
  'input/output error',
  'structure needs cleaning',
  'too many open files',
  'cannot allocate memory',
  'rpc error: code = Unavailable',
  'error reading from server',
  'runc did not terminate successfully',
];

const PREFIXES = ['failed to solve: ', 'failed to compute cache key: '];

/** Why a build failed, according to the builder. */
export interface BuilderWords {
  kind: FailureKind;
  /** The id of the secret or SSH key that is missing. */
  secret?: string | undefined;
  /** A sentence's second half. */
  words: string;
}

/** Turns the builder's reason, for a step or for the whole build, into a message that says what to fix. */
export function builderWords(reason: string, instruction: string): BuilderWords {
  let said = reason;
  for (const prefix of PREFIXES) if (said.startsWith(prefix)) said = said.slice(prefix.length);
  const found =
    missingFile(said, instruction) ??
    missingFolder(said, instruction) ??
    missingSecret(said) ??
    missingSshKey(said) ??
    undecidedImage(said) ??
    foreignOwner(said) ??
    unclear(said);
  const { words } = found;
  return { ...found, words: words.length > LIMIT_CHARS ? `${words.slice(0, LIMIT_CHARS)}…` : words };
}

/** The builder's own words, for a mistake in the Dockerfile, for its own trouble, and for everything else. */
function unclear(said: string): BuilderWords {
  const words = said
    .replaceAll('/in/context', 'the source')
    .replace(/\/store\/docker\/buildkit\/\S{1,100}\/cachemounts\/buildkit\d{1,20}(?=\/)/, '');
  if (/^dockerfile parse error/i.test(said)) return { kind: 'dockerfile-syntax', words };
  // A Dockerfile that is quoted may say anything.
  const own = DOCKERFILE_ERROR.test(said) ? '' : unquoted(said);
  return { kind: OWN_TROUBLE.some((trouble) => own.includes(trouble)) ? 'builder-failed' : 'step-not-built', words };
}

/** A text without what is in quotes, in which quotes are escaped. */
function unquoted(text: string): string {
  const parts = text.replace(/\\./gs, '').split('"');
  return parts.filter((_, at) => at % 2 === 0).join('""');
}

/** `failed to calculate checksum of ref A::B: "/path": not found`. */
function missingFile(said: string, instruction: string): BuilderWords | undefined {
  if (!said.startsWith('failed to calculate checksum of ref ') || !said.endsWith('": not found')) return undefined;
  const path = said.slice(said.indexOf('"') + 1, -'": not found'.length).replace(/^\//, '');
  const words = /\bfrom=/.test(instruction)
    ? `${path} does not exist in the stage or image that it is copied from`
    : `${path} does not exist in the source, or .dockerignore excludes it`;
  return { kind: 'step-file-missing', words };
}

/**
 * `lstat /folder: no such file or directory`, for a pattern below a folder. The builder gets from the source only what instructions
 * name, so a folder is missing too if nothing in it matches (https://github.com/moby/buildkit/issues/2933).
 */
function missingFolder(said: string, instruction: string): BuilderWords | undefined {
  const folder = /^lstat \/([^\n]{1,1000}): no such file or directory$/.exec(said)?.[1];
  if (folder === undefined || !/^(COPY|ADD)\s/i.test(instruction)) return undefined;
  const words = /\bfrom=/.test(instruction)
    ? `${folder} does not exist in the stage or image that it is copied from`
    : `nothing in the source matches the pattern below ${folder}; if nothing has to, make the folder a pattern too: [${folder.charAt(0)}]${folder.slice(1)}/…`;
  return { kind: 'step-file-missing', words };
}

/** `secret ID: not found`, if a mount requires it. */
function missingSecret(said: string): BuilderWords | undefined {
  const id = /^secret (\S{1,64}): not found$/.exec(said)?.[1];
  if (id === undefined) return undefined;
  const words = `the secret ${id} is not set: slipway secret set ${id}, or slipway build --secret id=${id},src=FILE`;
  return { kind: 'secret-missing', secret: id, words };
}

/** For `RUN --mount=type=ssh,required=true` without a key. */
function missingSshKey(said: string): BuilderWords | undefined {
  const id = /\b(?:no SSH key "|unset ssh forward key )([^"\s]{1,64})/.exec(said)?.[1];
  if (id === undefined) return undefined;
  return {
    kind: 'ssh-key-missing',
    secret: id,
    words: `the SSH key ${id} was not given: slipway build --ssh ${id}=KEYFILE`,
  };
}

/**
 * `failed to Lchown "/…/PATH" for UID N, GID N: … invalid argument`, for an image's file; `failed to chown …` for
 * copied files.
 */
function foreignOwner(said: string): BuilderWords | undefined {
  if (!said.includes(': invalid argument')) return undefined;
  const [, path = '', uid, gid] =
    /failed to Lchown "([^"\n]{1,1000})" for UID (\d{1,20}), GID (\d{1,20}):/.exec(said) ?? [];
  const name = path.replace(/^\/store\/\S{1,200}\/containerd-mount\d{1,20}/, '');
  const rule = `files of images may have the ids ${shownIds}`;
  const kind = 'step-not-built';
  if (uid !== undefined)
    return { kind, words: `the file ${name} of an image belongs to user ${uid} and group ${gid}; ${rule}` };
  return said.includes('failed to chown ')
    ? { kind, words: `--chown names an id that cannot be used; ${rule}` }
    : undefined;
}

/**
 * An image that the server did not find in the Dockerfile, so it was not fetched (sandbox/build/builder-input.ts):
 * usually one that a base's ONBUILD names.
 */
function undecidedImage(said: string): BuilderWords | undefined {
  const end = said.indexOf('" denied by policy');
  const start = said.lastIndexOf('"docker-image://', end);
  if (end < 0 || start < 0) return undefined;
  const image = said.slice(start + '"docker-image://'.length, end);
  const words = `the image ${image} was not fetched, because the Dockerfile itself does not name it (an ONBUILD of a base image may); copy from it in the Dockerfile: COPY --from=${image} …`;
  return { kind: 'step-not-built', words };
}
