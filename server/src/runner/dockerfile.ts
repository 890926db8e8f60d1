import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { DockerfileLines } from '#build/build.ts';
import { BuildFailed } from './build-failed.ts';
import { instructionLines } from './dockerfile-lines.ts';

/** An image that a Dockerfile names. */
export interface NamedImage {
  /** As written, arguments expanded. */
  image: string;
  /** Where it is named first. */
  dockerfile: DockerfileLines;
}

/** What the runner must know of a Dockerfile before the sandbox builds it. */
export interface DockerfilePlan {
  /** The images of FROM, `COPY --from=` and `RUN --mount=from=`; each once. */
  images: NamedImage[];
  /** Layers over its base image that the deepest stage has, those of a stage that it starts from counted. */
  layerCount: number;
  /** Values of those platform arguments that an ARG declares: the builder complains of any that it is given beside them. */
  platformArgs: Record<string, string>;
  /** The ids of `RUN --mount=type=secret`, each once. */
  secretIds: string[];
  /** What each ARG declares, as written: `NAME` or `NAME=default`. */
  declaredArgs: string[];
  /** Whether a RUN mounts files of the source, of a stage or of an image. */
  bindsFiles: boolean;
}

interface Flagged {
  getFlags(): { getName(): string; getValue(): string | null }[];
}

const FLAGGED = ['FROM', 'COPY', 'ADD', 'RUN'];
/** The instructions for which the builder commits a layer. */
const LAYERED = ['COPY', 'ADD', 'RUN'];

/** Other names of the platforms that Slipway runs on. */
const SPELLINGS: Record<string, string> = {
  amd64: 'linux/amd64',
  x86_64: 'linux/amd64',
  'linux/x86_64': 'linux/amd64',
  arm64: 'linux/arm64',
  aarch64: 'linux/arm64',
  'linux/aarch64': 'linux/arm64',
  'linux/arm64/v8': 'linux/arm64',
};

/**
 * Reads which images a Dockerfile names. `buildArgs` are `K=V`. Throws `BuildFailed`, with the lines that are to blame where there are any.
 * ARG before the first FROM is expanded as the Dockerfile reference says
 * (https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact).
 */
export function planDockerfile(
  { path, text }: { path: string; text: string },
  buildArgs: readonly string[],
  platform: string,
): DockerfilePlan {
  const dockerfile = DockerfileParser.parse(text);
  const given = new Map(buildArgs.map((argument) => splitAtEquals(argument)));
  const ofPlatform = new Map(platformArguments(platform));
  const values = new Map([...ofPlatform, ...given]);
  const platformArgs: Record<string, string> = {};
  const stages: string[] = [];
  const depths: number[] = [];
  const images = new Map<string, Instruction>();
  const linesOf = (instruction: Instruction) => instructionLines(path, text, instruction);
  const secretIds = new Set<string>();
  const declaredArgs: string[] = [];
  let bindsFiles = false;
  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === 'ARG') {
      declareArgument(instruction, given, values, stages.length === 0);
      declaredArgs.push(...instruction.getArguments().map((argument) => argument.getValue()));
      const [name] = splitAtEquals(instruction.getArguments()[0]?.getValue() ?? '');
      const value = given.has(name) ? undefined : ofPlatform.get(name);
      if (value !== undefined) platformArgs[name] = value;
    }
    if (keyword === 'FROM') {
      const parent = blaming(linesOf, instruction, () => addBase(instruction, values, stages, images, platform));
      depths.push(parent === undefined ? 0 : (depths[parent] ?? 0));
    } else if (stages.length > 0) addReferenced(instruction, values, stages, images);
    for (const secretId of mountedSecrets(instruction)) secretIds.add(secretId);
    bindsFiles ||= mountsOf(instruction).some((options) => (options.get('type') ?? 'bind') === 'bind');
    if (stages.length > 0 && LAYERED.includes(keyword)) depths[stages.length - 1] = (depths.at(-1) ?? 0) + 1;
  }
  if (stages.length === 0) throw new BuildFailed('source', 'the Dockerfile has no FROM instruction');
  return {
    images: [...images].map(([image, instruction]) => ({ image, dockerfile: linesOf(instruction) })),
    layerCount: Math.max(...depths),
    platformArgs,
    secretIds: [...secretIds],
    declaredArgs,
    bindsFiles,
  };
}

/** Gives a failure the lines of the instruction that it is about. */
function blaming<T>(linesOf: (instruction: Instruction) => DockerfileLines, instruction: Instruction, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof BuildFailed) error.dockerfile = linesOf(instruction);
    throw error;
  }
}

/** Notes a stage; gives the place of the stage that it starts from, or undefined where that is an image or nothing. */
function addBase(
  instruction: Instruction,
  values: Map<string, string>,
  stages: string[],
  images: Map<string, Instruction>,
  platform: string,
): number | undefined {
  const [name = '', as, alias] = instruction.getArguments().map((argument) => argument.getValue());
  const image = expand(name, values);
  if (image === '') throw new BuildFailed('source', `FROM ${name} names no image: an ARG in it has no value`);
  checkPlatform(instruction, values, platform);
  const parent = stages.lastIndexOf(image.toLowerCase());
  if (image !== 'scratch' && parent < 0 && !images.has(image)) images.set(image, instruction);
  stages.push(as?.toUpperCase() === 'AS' && alias ? alias.toLowerCase() : `#${stages.length}`);
  return parent < 0 ? undefined : parent;
}

/** The builder would take the base it has under that name, whatever platform it is for. */
function checkPlatform(instruction: Instruction, values: Map<string, string>, own: string): void {
  const platform = expand(flagsOf(instruction, 'platform')[0] ?? '', values);
  if (platform === '' || (SPELLINGS[platform] ?? platform) === own) return;
  throw new BuildFailed(
    'source',
    `FROM --platform=${platform} cannot be built here: this machine builds for ${own} alone, without emulation`,
  );
}

function addReferenced(
  instruction: Instruction,
  values: Map<string, string>,
  stages: string[],
  images: Map<string, Instruction>,
): void {
  for (const written of referencedImages(instruction)) {
    const image = expand(written, values);
    const isStage = /^\d+$/.test(image) || stages.includes(image.toLowerCase());
    if (image !== '' && !isStage && !images.has(image)) images.set(image, instruction);
  }
}

function referencedImages(instruction: Instruction): string[] {
  const copied = flagsOf(instruction, 'from');
  const mounted = mountsOf(instruction).flatMap((options) => options.get('from') ?? []);
  return [...copied, ...mounted];
}

/** An id that is absent is the last part of the target (https://docs.docker.com/reference/dockerfile/#run---mounttypesecret). */
function mountedSecrets(instruction: Instruction): string[] {
  const secrets = mountsOf(instruction).filter((options) => options.get('type') === 'secret');
  return secrets.flatMap((options) => options.get('id') ?? options.get('target')?.split('/').at(-1) ?? []);
}

/** The options of each `--mount=` of a RUN. */
function mountsOf(instruction: Instruction): Map<string, string>[] {
  return flagsOf(instruction, 'mount').map(
    (value) => new Map(value.split(',').map((option) => splitAtEquals(unquote(option)))),
  );
}

function flagsOf(instruction: Instruction, name: string): string[] {
  if (!FLAGGED.includes(instruction.getKeyword())) return [];
  const flags = (instruction as Instruction & Flagged).getFlags();
  return flags.filter((flag) => flag.getName() === name).map((flag) => flag.getValue() ?? '');
}

function declareArgument(
  instruction: Instruction,
  given: ReadonlyMap<string, string>,
  values: Map<string, string>,
  global: boolean,
): void {
  for (const argument of instruction.getArguments()) {
    const [name, fallback] = splitAtEquals(argument.getValue());
    if (given.has(name) || (!global && values.has(name)) || !argument.getValue().includes('=')) continue;
    values.set(name, expand(unquote(fallback), values));
  }
}

/** `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}`; an unset name is empty. */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return unquote(text).replace(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain?: string, braced?: string, operator?: string, word = '') => {
      const value = values.get(plain ?? braced ?? '') ?? '';
      if (operator === '-') return value === '' ? word : value;
      if (operator === '+') return value === '' ? '' : word;
      return value;
    },
  );
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

function splitAtEquals(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function platformArguments(platform: string): [string, string][] {
  const [os = '', arch = '', variant = ''] = platform.split('/');
  return ['TARGET', 'BUILD'].flatMap((side): [string, string][] => [
    [`${side}PLATFORM`, platform],
    [`${side}OS`, os],
    [`${side}ARCH`, arch],
    [`${side}VARIANT`, variant],
  ]);
}
