import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadedOperation } from '#rpc/operation.ts';
import { operationSpecs } from '#rpc/spec.gen.ts';
import type { Operations } from './find-operation.ts';

/**
 * Imports every `<noun>/operations/<Action>.ts` below the folder, the server's sources by default. Throws, naming the
 * file, on one that exports no operation, is named unlike its action, names an action the spec lacks, or is the
 * second of an action. To be called before privileges are dropped: it reads code.
 */
export async function loadOperations(folder: string = join(import.meta.dirname, '..')): Promise<Operations> {
  const operations = new Map<string, LoadedOperation>();
  for (const file of await operationFiles(folder)) {
    const action = basename(file, '.ts');
    const module: { default?: Partial<LoadedOperation> } = await import(pathToFileURL(file).href);
    const found = module.default;
    if (typeof found?.run !== 'function') throw new Error(`${file} exports no operation by default`);
    if (found.action !== action) throw new Error(`${file} holds ${found.action}: a file is named as its action`);
    if (!Object.hasOwn(operationSpecs, action)) throw new Error(`${file}: the spec has no operation ${action}`);
    if (operations.has(action)) throw new Error(`${file}: ${action} is there twice`);
    operations.set(action, found as LoadedOperation);
  }
  return operations;
}

async function operationFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const noun of await readdir(folder, { withFileTypes: true })) {
    // Those of the native API are no actions of the vendor's.
    if (!noun.isDirectory() || noun.name === 'native') continue;
    const operations = join(folder, noun.name, 'operations');
    for (const name of await readdirOrNone(operations)) {
      if (name.endsWith('.ts') && !name.endsWith('.test.ts')) files.push(join(operations, name));
    }
  }
  return files.sort();
}

async function readdirOrNone(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
