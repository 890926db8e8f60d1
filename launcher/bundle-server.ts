/*
 * Writes the server of an installed copy into few files: `node launcher/bundle-server.ts COPY` makes
 * COPY/server/dist/main.js. Node finds, reads and links some 1,700 files at each start of the sources, which takes
 * twice as long as everything else. What the server starts (the helper, a worker, scripts) stays in src and is found
 * there.
 */
import { globSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

const LOADER = 'server/src/gateway/load-operations.ts';
const LOADER_IMPORT = 'await import(pathToFileURL(file).href)';

const [given] = process.argv.slice(2);
if (given === undefined) {
  // Without it, a checkout would get a bundle that soon differs from its sources.
  process.stderr.write('Usage: node launcher/bundle-server.ts COPY\n');
  process.exit(2);
}
const copy = realpathSync(given);
const dist = join(copy, 'server/dist');

/** Modules of the copy keep their own places, which are those of the files beside them. */
const ownPlaces: Plugin = {
  name: 'own-places',
  transform(code, id) {
    if (!id.startsWith(`${copy}/`) || id.includes('/node_modules/') || !code.includes('import.meta')) return;
    const folder = `import.meta.dirname + ${JSON.stringify(`/${relative(dist, dirname(id))}`)}`;
    const file = `import.meta.dirname + ${JSON.stringify(`/${relative(dist, id)}`)}`;
    const url = `new URL(${JSON.stringify(relative(dist, id))}, import.meta.url).href`;
    return code.replace(/import\.meta\.(?:(dirname)|(filename)|(url)|resolve\(('[^']*')\))/g, (_, ...found) => {
      const [isFolder, isFile, isUrl, path] = found;
      return isFolder ? `(${folder})` : isFile ? `(${file})` : isUrl ? url : `new URL(${path}, ${url}).href`;
    });
  },
};

/** Operations are found by their folders; here they are imported before. */
const operations: Plugin = {
  name: 'operations',
  transform(code, id) {
    if (id !== join(copy, LOADER)) return;
    if (code.split(LOADER_IMPORT).length !== 2) throw new Error(`${LOADER} imports operations in another way now`);
    const files = globSync(join(copy, 'server/src/*/operations/*.ts'))
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

const bundle = await rolldown({
  input: { main: join(copy, 'server/src/main.ts') },
  platform: 'node',
  plugins: [ownPlaces, operations, lazyPackages],
});
// A confined task is named by its function, also if another module has one of that name.
await bundle.write({ dir: dist, format: 'esm', cleanDir: true, keepNames: true });
await bundle.close();
