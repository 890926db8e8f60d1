import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES } from '../../server/src/rpc/errors/error-codes.ts';
import { apiPages } from './api-pages.ts';
import { dockerfilesPage } from './dockerfiles-page.ts';
import { errorsPage } from './errors-page.ts';
import { explorerSource } from './explorer-source.ts';
import { failuresPage } from './failures-page.ts';
import { lineEndsSource } from './line-ends-source.ts';
import { nativeOpenApiSource } from './native-openapi.ts';
import {
  nativeClientSource,
  nativeOperationsSource,
  nativeRequestsSource,
  nativeSpecSource,
  nativeTypesSource,
} from './native-source.ts';
import { operationErrors } from './operation-errors.ts';
import { specOperations } from './spec-operations.ts';
import { callParametersSource, clientSpecSource, serverSpecSource } from './spec-source.ts';

const root = new URL('../../', import.meta.url);

/** Writes every generated file; with `--check` only reports which are out of date (exit code 1). */
async function generate(check: boolean): Promise<void> {
  const operations = specOperations([
    { spec: await readSpec('cr-2018-12-01'), additions: await readSpec('cr-2018-12-01.additions') },
    { spec: await readSpec('ram-2015-05-01') },
    { spec: await readSpec('sts-2015-04-01') },
    { spec: await readSpec('ims-2019-08-15') },
  ]);
  const errors = operationErrors(fileURLToPath(new URL('server/src', root)), new Set(Object.keys(ERROR_CODES)));
  for (const { name, addition } of operations) errors.get(name)?.push(...Object.values(addition.missingCodes ?? {}));
  const built = new Set(errors.keys());
  const descriptions = await readSpec('descriptions');
  const native = await readSpec('native');
  const files: Record<string, string> = {
    'server/src/rpc/spec.gen.ts': serverSpecSource(operations),
    'client/src/spec.gen.ts': clientSpecSource(operations),
    'client/src/call-parameters.gen.ts': callParametersSource(operations),
    'server/src/rpc/native-types.gen.ts': nativeTypesSource(native),
    'server/src/native/spec.gen.ts': nativeSpecSource(native),
    'server/src/native/operations.gen.ts': nativeOperationsSource(native),
    'server/src/native/openapi.gen.ts': nativeOpenApiSource(native),
    'client/src/native.gen.ts': nativeClientSource(native),
    'client/src/native-requests.gen.ts': nativeRequestsSource(native),
    'docs/errors.md': errorsPage(ERROR_CODES),
    'docs/failures.md': failuresPage(),
    'docs/dockerfiles.md': dockerfilesPage(fileURLToPath(root)),
    'logbook/src/hot/line-ends.gen.ts': await lineEndsSource(
      await readFile(new URL('logbook/src/hot/line-ends.wat', root), 'utf8'),
    ),
    'console/src/pages/explorer/operations.gen.ts': explorerSource(operations, errors, descriptions, ERROR_CODES),
    'unimplemented-actions.txt': operations
      .filter(({ name, product, addition }) => product === 'cr' && !built.has(name) && !addition.refusal)
      .map(({ name }) => `${name}\n`)
      .join(''),
    ...apiPages(operations, built, descriptions, errors, ERROR_CODES),
  };
  const strayPages = globSync('docs/api/*.md', { cwd: fileURLToPath(root) }).filter((path) => !(path in files));
  const stale: string[] = [...strayPages];
  if (!check) {
    await mkdir(new URL('docs/api/', root), { recursive: true });
    for (const path of strayPages) await rm(new URL(path, root));
  }
  for (const [path, text] of Object.entries(files)) {
    if ((await readOrEmpty(new URL(path, root))) === text) continue;
    stale.push(path);
    if (!check) await writeFile(new URL(path, root), text);
  }
  for (const path of stale) process.stdout.write(`${check ? 'out of date' : 'written'}: ${path}\n`);
  if (check && stale.length > 0) {
    process.stderr.write('run: npm run gen\n');
    process.exitCode = 1;
  }
}

async function readSpec(name: string) {
  return JSON.parse(await readFile(new URL(`spec/${name}.json`, root), 'utf8'));
}

async function readOrEmpty(file: URL): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

await generate(process.argv.includes('--check'));
