/*
 * Runs the benchmarks one after the other, each in a process of its own. `npm run bench` runs all of them; `npm run
 * bench -- page logbook` runs those with these names, or whose names begin with one and a dash. Exits with 1 if one
 * fell short.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files of this folder that are not benchmarks. */
const PARTS = new Set(['run.ts', 'corpus.ts']);

const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !PARTS.has(file))
  .map((file) => file.slice(0, -'.ts'.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.some((bench) => isNamed(bench, name)));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(' or ')}; there are ${all.join(', ')}\n`);
  process.exit(2);
}
const chosen = all.filter((bench) => asked.length === 0 || asked.some((name) => isNamed(bench, name)));
const short = chosen.filter((bench) => {
  process.stdout.write(`\n=== ${bench}\n`);
  return spawnSync(process.execPath, [join(import.meta.dirname, `${bench}.ts`)], { stdio: 'inherit' }).status !== 0;
});
if (short.length > 0) {
  process.stderr.write(`\nfell short or failed: ${short.join(', ')}\n`);
  process.exit(1);
}

function isNamed(bench: string, name: string): boolean {
  return bench === name || bench.startsWith(`${name}-`);
}
