import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedRequest } from '../protocol/request.ts';
import { type FolderKind, findCurrent } from './current-folder.ts';

/** Folder of the builder's roots and of the emulators, shared by all data folders of a machine; owned by root. */
export const BUILDER_FOLDER = '/var/lib/slipway/builder';

/** The builder's roots. */
export const ROOT_KIND: FolderKind = { place: BUILDER_FOLDER, link: 'current', mark: 'builder.json' };

/** The message on a machine without a builder. */
export const NO_BUILDER = 'there is no builder on this machine: run slipway builder update';

/** One package of a builder's root. */
export interface BuilderPackage {
  name: string;
  version: string;
}

/** The description of a builder's root: `builder.json` in it. */
export interface BuilderRoot {
  /** The Debian suite of its packages. */
  suite: string;
  architecture: string;
  packages: BuilderPackage[];
  madeAt: string;
  /** The archive of its packages, if it is not the machine's own. */
  archive?: string | undefined;
}

/** The root that new boxes use. It stays in place while boxes use it; an update makes another one. */
export function findBuilderRoot(): string | undefined {
  return findCurrent(ROOT_KIND);
}

/** Like `findBuilderRoot`. Throws RefusedRequest (`no-builder`) if there is none. */
export function openBuilderRoot(): string {
  const root = findBuilderRoot();
  if (root === undefined) throw new RefusedRequest('no-builder', NO_BUILDER);
  return root;
}

/** Throws if the folder is not a builder's root. */
export function readBuilderRoot(folder: string): BuilderRoot {
  return JSON.parse(readFileSync(join(folder, 'builder.json'), 'utf8')) as BuilderRoot;
}
