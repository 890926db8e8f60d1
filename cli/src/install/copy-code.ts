import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type LockedPackage, productionPackages } from './production-packages.ts';
import { runTool } from './step.ts';

/** What a server needs of a checkout, beside its packages; tests, benchmarks, tools and data stay behind. */
const PARTS =
  'slipway launcher docker-credential-slipway package.json package-lock.json LICENSE README.md CHANGELOG.md docs examples cli client console logbook program server spec';
/** By this file the launcher sees that the packages are those of the lock file. */
const MODULES_MARK = 'node_modules/.package-lock.json';
/** What makes the bundle; installed copies do not have it. */
const BUNDLER = 'node_modules/rolldown';
/** Headers of Node, types and maps: only compilers and debuggers read these. */
const UNUSED = ['-path', '*/node-linux-*/include', '-o', '-name', '*.map'];
const TYPES = ['*.d.ts', '*.d.cts', '*.d.mts'].flatMap((name) => ['-o', '-name', name]);

/**
 * Copies what runs of a checkout to a folder that appears when it is complete. With cp, which keeps the times of folders
 * too: the launcher compares them to see whether the console is current. Throws `CliError` if a package is missing.
 */
export function copyCode(checkout: string, target: string): void {
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o755 });
  const parts = [...PARTS.split(' '), MODULES_MARK].filter((part) => existsSync(join(checkout, part)));
  runTool('cp', ['-a', '--no-preserve=ownership', '--parents', '--', ...parts, ...packagesOf(checkout), partial], {
    cwd: checkout,
  });
  const modules = join(partial, 'node_modules');
  execFileSync('find', [modules, '(', ...UNUSED, ...TYPES, ')', '-prune', '-exec', 'rm', '-rf', '--', '{}', '+']);
  // An installed copy has no bundler: its copy has the bundle already, or runs what the sources say. A bundle in a checkout may be
  // older than its sources.
  if (existsSync(join(checkout, BUNDLER)))
    runTool(process.execPath, [join(checkout, 'launcher/bundle.ts'), partial], { cwd: checkout });
  execFileSync('chmod', ['-R', 'go+rX,go-w', partial]);
  renameSync(partial, target);
}

function packagesOf(checkout: string): string[] {
  const lock = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, LockedPackage> };
  return productionPackages(packages).filter((place) => {
    if (existsSync(join(checkout, place))) return true;
    if (packages[place]?.optional === true) return false;
    throw new CliError(EXIT_CODES.machine, `${place} is missing in ${checkout}; run npm ci there, and install again`);
  });
}
