import { chmodSync, lutimesSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Chance } from '../chance.ts';
import { randomInstruction } from './random-instruction.ts';

/** A Dockerfile and its source, in a form that can be changed at random. */
export interface Project {
  files: Record<string, ProjectFile>;
  stages: string[][];
  buildArgs: Record<string, string>;
  /** Which of the base images `base` refers to. */
  base: number;
}

interface ProjectFile {
  text: string;
  mode: number;
  /** The file is a link to `text`. */
  isLink: boolean;
  mtimeS: number;
}

export const BASES = 2;
const PATHS = ['a', 'b', 'x.log', 'd/a', 'd/b', 'd/e/f', 'd/x.log', 'e/a', '.hidden'];
const TEXTS = ['one', 'two', 'ten', '', 'a longer text\nof two lines\n'];
const IGNORED = ['*.log', 'd', '**/a', '*\n!d\n!b', 'd/*\n!d/e', '**\n!**/f'];
const EDITS_LIMIT = 3;
const MTIMES_S = [1_600_000_000, 1_700_000_000];

/** A first project. */
export function randomProject(chance: Chance): Project {
  const project: Project = { files: {}, stages: [[], []], buildArgs: {}, base: 0 };
  for (const path of PATHS) if (chance.below(4) > 0) project.files[path] = randomFile(chance);
  for (const stage of project.stages) for (let at = 0; at < 4; at++) stage.push(randomInstruction(chance, PATHS));
  return project;
}

/** The project after one to three changes, or at an earlier state. */
export function editProject(chance: Chance, before: readonly Project[]): Project {
  if (before.length > 2 && chance.below(6) === 0) return structuredClone(chance.pick(before));
  const project = structuredClone(before.at(-1) as Project);
  for (let edits = 1 + chance.below(EDITS_LIMIT); edits > 0; edits--) chance.pick(EDITS)(project, chance);
  return project;
}

type Edit = (project: Project, chance: Chance) => void;

const editFile: Edit = ({ files }, chance) => {
  const path = chance.pick(PATHS);
  const file = files[path];
  if (file === undefined || chance.below(4) === 0) files[path] = randomFile(chance);
  else if (chance.below(5) === 0) delete files[path];
  else files[path] = { ...file, ...chance.pick<Partial<ProjectFile>>(fileChanges(file, chance)) };
};

/** Includes content with the same length and time as before. */
function fileChanges(file: ProjectFile, chance: Chance): Partial<ProjectFile>[] {
  return [
    { text: file.isLink ? chance.pick(PATHS) : chance.pick(TEXTS) },
    { text: file.isLink ? file.text : [...file.text].reverse().join('') },
    { mode: chance.pick([0o600, 0o644, 0o755]) },
    { mtimeS: chance.pick(MTIMES_S) },
  ];
}

const editInstruction: Edit = ({ stages }, chance) => {
  const stage = chance.pick(stages);
  const at = chance.below(stage.length + 1);
  const fresh = randomInstruction(chance, PATHS);
  const moves = [
    () => stage.splice(at, 0, fresh),
    () => stage.splice(at, 1, fresh),
    () => stage.splice(at, 1),
    () => stage.splice(at, 0, ...stage.splice(chance.below(stage.length + 1), 1)),
  ];
  chance.pick(moves)();
};

const editArgument: Edit = ({ buildArgs }, chance) => {
  const name = chance.pick(['V', 'W']);
  if (chance.below(3) === 0) delete buildArgs[name];
  else buildArgs[name] = chance.pick(['1', '2', 'x y', '']);
};

const editBase: Edit = (project, chance) => {
  project.base = chance.below(BASES);
};

const editIgnored: Edit = ({ files }, chance) => {
  if (chance.below(2) === 0) delete files['.dockerignore'];
  else files['.dockerignore'] = { ...randomFile(chance), isLink: false, text: chance.pick(IGNORED) };
};

const EDITS = [editFile, editFile, editFile, editInstruction, editInstruction, editArgument, editBase, editIgnored];

function randomFile(chance: Chance): ProjectFile {
  const isLink = chance.below(6) === 0;
  const text = isLink ? chance.pick(PATHS) : chance.pick(TEXTS);
  return { text, isLink, mode: chance.pick([0o600, 0o644, 0o755]), mtimeS: chance.pick(MTIMES_S) };
}

/** Its Dockerfile: both stages start from the base, and the second may copy from the first. */
export function dockerfileOf({ stages }: Project): string {
  const texts = stages.map((instructions, at) => [
    at === 0 ? 'FROM base AS one' : 'FROM base',
    'ARG V=v',
    'ARG W',
    'RUN mkdir -m 777 /w',
    ...instructions,
  ]);
  return `${texts.flat().join('\n')}\n`;
}

/** Writes a project as the source of a build. */
export function writeProject(project: Project, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), dockerfileOf(project));
  for (const [path, { text, mode, isLink, mtimeS }] of Object.entries(project.files)) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    if (isLink) symlinkSync(text, full);
    else writeFileSync(full, text);
    if (!isLink) chmodSync(full, mode);
    lutimesSync(full, mtimeS, mtimeS);
  }
}
