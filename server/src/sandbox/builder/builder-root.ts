import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedRequest } from '../protocol/request.ts';
import { type FolderKind, findCurrent } from './current-folder.ts';

/** Where the builder's roots and the emulators lie: one place for all data folders of a machine, root's own. */
export const builderFolder = '/var/lib/slipway/builder';

/** The builder's roots. */
export const rootKind: FolderKind = { place: builderFolder, link: 'current', mark: 'builder.json' };

/** What a machine without a builder says. */
export const noBuilder = 'there is no builder on this machine: run slipway builder update';

/** One package that a builder's root was made of. */
export type BuilderPackage = { name: string; version: string };

/** What a builder's root is: `builder.json` in it. */
export type BuilderRoot = {
  /** The suite of Debian that its packages come from. */
  suite: string;
  architecture: string;
  packages: BuilderPackage[];
  madeAt: string;
  /** Where they come from, if not from where the machine takes its own. */
  archive?: string | undefined;
};

/** The root that boxes run in now. It stays where it is while boxes use it; an update makes another. */
export function findBuilderRoot(): string | undefined {
  return findCurrent(rootKind);
}

/** As `findBuilderRoot`. Throws RefusedRequest (`no-builder`) where there is none. */
export function openBuilderRoot(): string {
  const root = findBuilderRoot();
  if (root === undefined) throw new RefusedRequest('no-builder', noBuilder);
  return root;
}

/** Throws where the folder holds no builder's root. */
export function readBuilderRoot(folder: string): BuilderRoot {
  return JSON.parse(readFileSync(join(folder, 'builder.json'), 'utf8')) as BuilderRoot;
}
