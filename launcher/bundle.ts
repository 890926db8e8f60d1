/*
 * Writes the server and the command line into one file each: `node launcher/bundle.ts FOLDER` makes FOLDER/server/dist/main.js and
 * FOLDER/cli/dist/main.js of the sources in a checkout or a copy. Node finds, reads and links some 1,700 files at each start of the
 * server's sources, which takes longer than everything else. What they start (the helper, a worker, scripts) stays in src and is found
 * there.
 */
import { globSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

const LOADER = 'server/src/gateway/load-operations.ts';
const LOADER_IMPORT = 'await import(pathToFileURL(file).href)';

const [given] = process.argv.slice(2);
if (given === undefined) {
  process.stderr.write('Usage: node launcher/bundle.ts FOLDER\n');
  process.exit(2);
}
const folder = realpathSync(given);

/** Modules keep their own places, which are those of the files beside them. */
const ownPlaces = (dist: string): Plugin => ({
  name: 'own-places',
  transform(code, id) {
    if (!id.startsWith(`${folder}/`) || id.includes('/node_modules/') || !code.includes('import.meta')) return;
    const place = `import.meta.dirname + ${JSON.stringify(`/${relative(dist, dirname(id))}`)}`;
    const file = `import.meta.dirname + ${JSON.stringify(`/${relative(dist, id)}`)}`;
    const url = `new URL(${JSON.stringify(relative(dist, id))}, import.meta.url).href`;
    return code.replace(/import\.meta\.(?:(dirname)|(filename)|(url)|resolve\(('[^']*')\))/g, (_, ...found) => {
      const [isFolder, isFile, isUrl, path] = found;
      return isFolder ? `(${place})` : isFile ? `(${file})` : isUrl ? url : `new URL(${path}, ${url}).href`;
    });
  },
});

/** Operations are found by their folders; here they are imported before. */
const operations: Plugin = {
  name: 'operations',
  transform(code, id) {
    if (id !== join(folder, LOADER)) return;
    if (code.split(LOADER_IMPORT).length !== 2) throw new Error(`${LOADER} imports operations in another way now`);
    const files = globSync(join(folder, 'server/src/*/operations/*.ts'))
      .filter((file) => !file.includes('/native/operations/') && !file.endsWith('.test.ts'))
      .sort();
    const imports = files.map((file, at) => `import * as operation${at} from ${JSON.stringify(file)};\n`).join('');
    const entries = files.map((file, at) => `${JSON.stringify(basename(file, '.ts'))}: operation${at}`).join(', ');
    return `${imports}const BUNDLED = { ${entries} };\n${code.replace(LOADER_IMPORT, 'BUNDLED[action]')}`;
  },
};

/** Packages that are loaded only when they are used stay as they are. */
const lazyPackages: Plugin = {
  name: 'lazy-packages',
  resolveId(source, _importer, { kind }) {
    return kind === 'dynamic-import' && /^[@\w]/.test(source) ? { id: source, external: true } : undefined;
  },
};

for (const program of ['server', 'cli']) await write(program);

async function write(program: string): Promise<void> {
  const dist = join(folder, program, 'dist');
  const made = join(dist, `main.${process.pid}.js`);
  const bundle = await rolldown({
    input: { main: join(folder, program, 'src/main.ts') },
    platform: 'node',
    plugins: [ownPlaces(dist), operations, lazyPackages],
  });
  try {
    // One file, replaced at once: a running server may load a part of it late. A confined task is named by its function, also if another
    // module has one of that name.
    await bundle.write({ file: made, format: 'esm', codeSplitting: false, keepNames: true });
    renameSync(made, join(dist, 'main.js'));
  } finally {
    rmSync(made, { force: true });
    await bundle.close();
  }
}
