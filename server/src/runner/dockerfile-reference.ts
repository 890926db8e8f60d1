import type { Instruction } from 'dockerfile-ast';
import { BuildFailed } from './build-failed.ts';
import type { Stage } from './dockerfile-stages.ts';

/** Part of one line of a Dockerfile: from one column to before another, all counted from 0. */
export interface TextPlace {
  line: number;
  fromColumn: number;
  toColumn: number;
}

interface Flagged {
  getFlags(): { getName(): string; getValue(): string | null; getRange(): Range }[];
}
interface WithList {
  getJSONStrings(): { getJSONValue(): string }[];
}
type Range = ReturnType<Instruction['getRange']>;

/** Images that have none but the usual folders at their root. */
const DISTRIBUTIONS =
  /^(scratch|alpine|almalinux|amazonlinux|archlinux|busybox|debian|fedora|opensuse|oraclelinux|rockylinux|ubuntu)(:|@|$)/;
const USUAL_FOLDERS =
  'bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var';
const usualFolders = new Set(USUAL_FOLDERS.split(' ').map((name) => `/${name}`));

/** Whether all folders at the root of an image are known, of its familiar name. */
export function hasUsualFoldersAlone(image: string): boolean {
  return DISTRIBUTIONS.test(image);
}

/**
 * Reads an instruction that the builder would take otherwise than Docker's reference says. Gives the text that the builder is not
 * given, and notes in the stage what is wrong.
 */
export function readDeviation(instruction: Instruction, stage: Stage): TextPlace[] {
  const keyword = instruction.getKeyword();
  const isCopy = keyword === 'COPY' || keyword === 'ADD';
  if (isCopy && stage.isBare) stage.problem ??= overwriting(instruction as Instruction & WithList);
  if (isCopy || keyword === 'RUN' || keyword === 'WORKDIR') stage.isBare = false;
  return keyword === 'RUN' ? readSecurity(instruction as Instruction & Flagged, stage) : [];
}

/** https://docs.docker.com/reference/dockerfile/#run---security: the builder's own reading knows no such flag. */
function readSecurity(instruction: Instruction & Flagged, stage: Stage): TextPlace[] {
  const flags = instruction.getFlags().filter((flag) => flag.getName() === 'security');
  const other = flags.find((flag) => flag.getValue() !== 'sandbox');
  const shown = `RUN --security=${(other?.getValue() ?? '').slice(0, 60)}`;
  if (other !== undefined)
    stage.problem ??= new BuildFailed(
      'source',
      `${shown} is refused: a step has the rights of a container and no more (remove the flag)`,
    );
  return flags.map((flag) => placeOf(flag.getRange()));
}

function placeOf({ start, end }: Range): TextPlace {
  return { line: start.line, fromColumn: start.character, toColumn: end.character };
}

/**
 * Several sources need a folder to go to, named with a slash at its end where it is not there yet
 * (https://docs.docker.com/reference/dockerfile/#destination). The builder would make a file of it, each source in place of the one before.
 */
function overwriting(instruction: Instruction & WithList): BuildFailed | undefined {
  const listed = instruction.getJSONStrings().map((text) => text.getJSONValue());
  const words = listed.length > 0 ? listed : instruction.getArguments().map((word) => word.getValue());
  const target = words.at(-1) ?? '';
  if (words.length < 3 || words.some((word) => word.startsWith('<<'))) return undefined;
  if (!/^\/[^/$\\]+$/.test(target) || usualFolders.has(target) || target === '/.') return undefined;
  return new BuildFailed(
    'source',
    `${instruction.getKeyword()} of several files to ${target.slice(0, 60)}, where no folder is: end it with a slash (${target.slice(0, 60)}/)`,
  );
}
