import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { BUILDER_FOLDER, findBuilderRoot, NO_BUILDER, ROOT_KIND, readBuilderRoot } from './builder-root.ts';
import { pruneAbandoned, pruneFolders } from './current-folder.ts';
import { EMULATORS_KIND, findEmulators, readEmulators } from './emulators.ts';
import { makeBaseImage } from './make-base-image.ts';
import { exportBuilderRoot, importBuilderRoot, makeBuilderRoot } from './make-builder-root.ts';
import { makeEmulators } from './make-emulators.ts';

/** Its BuildKit knows all of Docker's Dockerfile language; that of the stable suite does not (docs/decisions). */
const DEFAULT_SUITE = 'forky';
/** The suite of Slipway's own image: that of its Dockerfile. */
const BASE_SUITE = 'trixie';

const USAGE = `usage: slipway builder show [--json]
       slipway builder update [--suite NAME] [--archive URL] [--emulators]
       slipway builder export FILE
       slipway builder import FILE
       slipway builder prune
       slipway builder base FILE [--suite NAME] [--archive URL]

The builder runs Dockerfiles: BuildKit from Debian's packages, in ${BUILDER_FOLDER}.
  show     show what this machine builds with
  update   fetch the newest packages of the suite (${DEFAULT_SUITE}, or --suite) and build with them from now on;
           with --emulators also the emulators for other platforms; without it, the first build that needs them fetches them
  export   write the builder to a file, for a machine without Debian's archive
  import   build with what is in such a file from now on
  prune    remove the builders and emulators from before the last update, except those that a running build uses
  base     write a small Debian system (${BASE_SUITE}) with the packages that Slipway needs to a tar file. Import it as
           debian:${BASE_SUITE}, and Slipway's own Dockerfile builds without a network (docs/container.md)
`;

/** `slipway builder`, run as root. Exit code 2 for a wrong command line, 4 if the machine is the cause. */
async function main(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  const options = {
    json: { type: 'boolean' },
    suite: { type: 'string' },
    archive: { type: 'string' },
    emulators: { type: 'boolean' },
    missing: { type: 'boolean' },
    packages: { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true });
  if (values.help || verb === undefined || verb === '--help') return print(USAGE);
  const [file, ...others] = positionals;
  const unexpected = ['export', 'import', 'base'].includes(verb) ? others[0] : file;
  if (unexpected !== undefined) throw new TypeError(`unexpected argument ${unexpected}`);
  switch (verb) {
    case 'show':
      return print(show(values.json === true));
    case 'update': {
      if (values.missing && findBuilderRoot() !== undefined) return 0;
      const { archive } = values;
      const suite = checkedSuite(values.suite ?? DEFAULT_SUITE);
      await makeBuilderRoot({ suite, archive, say: tell });
      if (values.emulators || findEmulators() !== undefined) await makeEmulators(tell);
      return values.missing ? 0 : print(show(false));
    }
    case 'export':
      await exportBuilderRoot(named(file));
      return 0;
    case 'import':
      await importBuilderRoot(named(file));
      return print(show(false));
    case 'prune':
      return print(prune());
    case 'base': {
      const { archive, packages = '' } = values;
      const suite = checkedSuite(values.suite ?? BASE_SUITE);
      await makeBaseImage(named(file), { suite, archive, say: tell, packages: packages.split(' ').filter(Boolean) });
      return 0;
    }
    default:
      throw new TypeError(`unknown command ${verb}`);
  }
}

function checkedSuite(suite: string): string {
  if (!/^[a-z]{2,30}$/.test(suite)) throw new TypeError(`--suite ${suite}: it must be a name such as ${DEFAULT_SUITE}`);
  return suite;
}

function show(asJson: boolean): string {
  const folder = findBuilderRoot();
  if (folder === undefined) throw new Error(NO_BUILDER);
  const root = readBuilderRoot(folder);
  const emulatorsFolder = findEmulators();
  const emulators = emulatorsFolder && { folder: emulatorsFolder, ...readEmulators(emulatorsFolder) };
  if (asJson) return `${JSON.stringify({ folder, ...root, emulators }, null, 2)}\n`;
  const version = (name: string) => root.packages.find((each) => each.name === name)?.version ?? 'unknown';
  const sizeKibibytes = Number.parseInt(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }), 10);
  const rows = [
    ['BuildKit', `in docker.io ${version('docker.io')}, by docker-buildx ${version('docker-buildx')}`],
    ['Steps', `crun ${version('crun')}`],
    ['From', `${root.packages.length} packages of Debian ${root.suite}, made ${root.madeAt}`],
    ['Folder', `${folder}, ${Math.round(sizeKibibytes / 1024)} MiB`],
    [
      'Emulators',
      emulators
        ? `qemu-user ${emulators.version}, made ${emulators.madeAt}`
        : 'none yet; the first build that needs them fetches them',
    ],
  ];
  return rows.map(([name = '', text]) => `${name.padEnd(10)} ${text}\n`).join('');
}

function prune(): string {
  pruneAbandoned(ROOT_KIND);
  const kinds = [ROOT_KIND, EMULATORS_KIND].map(pruneFolders);
  const lines = kinds.flatMap(({ removed, inUse }) => [
    ...removed.map((path) => `removed ${path}\n`),
    ...inUse.map((path) => `kept ${path}: a build is using it\n`),
  ]);
  return lines.length === 0 ? 'there was nothing to remove\n' : lines.join('');
}

function named(file: string | undefined): string {
  if (file === undefined) throw new TypeError('name the file');
  return file;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function tell(line: string): void {
  process.stderr.write(`slipway: builder: ${line}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof TypeError;
  tell(`${error instanceof Error ? error.message : String(error)}${isUsage ? '; see slipway builder --help' : ''}`);
  process.exitCode = isUsage ? 2 : 4;
}
