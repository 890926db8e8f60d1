import { familiarName } from '#build/familiar-name.ts';
import type { Instruction } from './dockerfile-instruction.ts';
import { flagValues, jsonList, plainArguments, splitInstruction } from './dockerfile-instruction.ts';
import { type CopyInstruction, copyWithParents, hasParents, sourcesOfParents } from './dockerfile-parents.ts';
import { placesOf, type TextEdit } from './dockerfile-places.ts';
import type { Stage } from './dockerfile-stages.ts';

/** Images that have only the usual folders at their root. */
const DISTRIBUTIONS =
  /^(scratch|alpine|almalinux|amazonlinux|archlinux|busybox|debian|fedora|opensuse|oraclelinux|rockylinux|ubuntu)(:|@|$)/;
const USUAL_FOLDERS =
  'bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var';
const usualFolders = new Set(USUAL_FOLDERS.split(' ').map((name) => `/${name}`));

/** Whether all folders at the root of an image are known. */
export function hasUsualFoldersAlone(image: string): boolean {
  return DISTRIBUTIONS.test(familiarName(image));
}

/**
 * Handles an instruction that the builder would treat differently from Docker's reference. Returns what the builder
 * reads instead, and records in the stage what is wrong.
 */
export function readDeviation(instruction: Instruction, stage: Stage, escapeSign: string): TextEdit[] {
  const { keyword } = instruction;
  const isCopy = keyword === 'COPY' || keyword === 'ADD';
  const words = isCopy && stage.isBare && !hasParents(instruction) ? overwriting(instruction) : undefined;
  if (words !== undefined) stage.problem ??= { words, at: instruction };
  if (isCopy || keyword === 'RUN' || keyword === 'WORKDIR') stage.isBare = false;
  if (keyword === 'RUN') return readSecurity(instruction, stage);
  const parents = copyWithParents(keyword === 'ONBUILD' ? addedBy(instruction, escapeSign) : instruction);
  if (typeof parents === 'string') {
    stage.problem ??= { words: parents, at: instruction };
    return [];
  }
  if (keyword === 'COPY')
    for (const path of sourcesOfParents(instruction)) stage.sources.push({ path, at: instruction });
  return parents;
}

/** The instruction that an ONBUILD adds, with positions in the line of the ONBUILD. */
function addedBy({ rest, restAt, parts }: Instruction, escapeSign: string): CopyInstruction {
  const added = splitInstruction(rest, escapeSign);
  const flags = added.flags.map((flag) => ({ ...flag, from: restAt + flag.from, to: restAt + flag.to }));
  return { ...added, flags, restAt: restAt + added.restAt, parts };
}

/** https://docs.docker.com/reference/dockerfile/#run---security: the builder's own parser does not have this flag. */
function readSecurity(instruction: Instruction, stage: Stage): TextEdit[] {
  const other = flagValues(instruction, 'security').find((value) => value !== 'sandbox');
  if (other !== undefined)
    stage.problem ??= {
      words: `RUN --security=${other.slice(0, 60)} is refused: a step only gets the rights of a container (remove the flag)`,
      at: instruction,
    };
  const flags = instruction.flags.filter(({ text }) => text.startsWith('--security='));
  return flags.flatMap(({ from, to }) =>
    placesOf(instruction.parts, from, to).map((place) => ({ ...place, text: '' })),
  );
}

/**
 * Several sources need a destination folder, which must end with a slash if it does not exist yet
 * (https://docs.docker.com/reference/dockerfile/#destination). The builder would create a file, and each source would
 * overwrite the previous one.
 */
function overwriting(instruction: Instruction): string | undefined {
  const words = jsonList(instruction.rest) ?? plainArguments(instruction);
  const target = words.at(-1) ?? '';
  if (words.length < 3 || words.some((word) => word.startsWith('<<'))) return undefined;
  if (!/^\/[^/$\\]+$/.test(target) || usualFolders.has(target) || target === '/.') return undefined;
  const shown = target.slice(0, 60);
  return `${instruction.keyword} of several files to ${shown}, which is not a folder; end it with a slash (${shown}/)`;
}
