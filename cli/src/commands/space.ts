import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { SpaceState } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { mebibytes } from '../output/mebibytes.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { askUntil } from '../server/ask-until.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface PruneOptions extends ServerOptions {
  only?: string;
  yes: boolean;
  json: boolean;
}

type Part = SpaceState['Parts'][number]['Part'];

/** What the parts are, and what pruning one costs. */
const PARTS: Record<Part, { what: string; cost?: string }> = {
  logs: { what: 'build logs' },
  images: {
    what: 'images and layers',
    cost: 'images without a tag past untagged-keep-days, and layers that no image uses',
  },
  sources: {
    what: 'sent folders and charts',
    cost: 'folders that are kept after their build (the next build sends its whole folder again), and folders that were sent more than an hour ago and that no build needs',
  },
  database: { what: 'database' },
  caches: { what: 'layer caches', cost: 'the next build of each repository begins with an empty cache' },
  bases: { what: 'base images', cost: 'the next builds fetch them again' },
};

type Stored = NonNullable<SpaceState['Stored']>[number];

/** What is counted of the parts in a bucket, with the plural. */
const STORED: Record<Stored['Part'], [one: string, many: string]> = {
  logs: ['log of an ended build', 'logs of ended builds'],
  images: ['manifest or layer', 'manifests and layers'],
  sources: ['sent folder', 'sent folders'],
  charts: ['chart', 'charts'],
  database: ['database', 'databases'],
};

/** `slipway df` and `slipway prune`: what takes disk on the server, and freeing it. */
export function registerSpace(program: Command): void {
  withServer(program.command('df'))
    .description(
      "show how much room the server's data takes, on its disk and in its bucket, and how much of it can be freed",
    )
    .option(...JSON_FLAG, false)
    .action((options: ServerOptions & { json: boolean }) =>
      onServer(options, async ({ client }) => {
        const output = new Output();
        const state = await callNative(client, 'getSpace', {});
        await output.write(options.json ? `${jsonText(state, output.terminal)}\n` : table(state));
      }),
    );
  withServer(program.command('prune'))
    .description('free disk: show what would be removed and, with --yes, remove it')
    .option('--only <parts>', `only these parts, separated by commas: ${prunable().join(', ')}`)
    .option('--yes', 'remove it', false)
    .option(...JSON_FLAG, false)
    .action((options: PruneOptions) => {
      const parts = options.only === undefined ? prunable() : partsOf(options.only);
      return onServer(options, (server) => prune(server, parts, options));
    });
}

async function prune({ client }: Server, parts: readonly Part[], { yes, json }: PruneOptions): Promise<void> {
  const output = new Output();
  const { Parts, Stored = [] } = await callNative(client, 'getSpace', {});
  for (const part of parts) {
    const planned = [...Parts, ...Stored]
      .filter(({ Part }) => Part === part)
      .reduce((sum, { ReclaimableBytes }) => sum + ReclaimableBytes, 0);
    const freed = yes ? await reclaim(client, part) : undefined;
    const line = json
      ? jsonText({ Part: part, ReclaimableBytes: planned, FreedBytes: freed }, output.terminal)
      : freed === undefined
        ? `would free ${mebibytes(planned)} of ${PARTS[part].what}: ${PARTS[part].cost}`
        : `freed ${mebibytes(freed)} of ${PARTS[part].what}`;
    await output.write(`${line}\n`);
  }
  if (!yes) say('nothing was removed; add --yes to remove it');
}

async function reclaim(client: Server['client'], part: Part): Promise<number> {
  if (part === 'images') {
    const state = await askUntil(
      () => callNative(client, 'getGarbageCollection', {}),
      ({ RunningSince }) => RunningSince === undefined,
      await callNative(client, 'collectGarbage', {}),
    );
    if (state.Last?.Failure !== undefined) throw new CliError(EXIT_CODES.refused, state.Last.Failure);
    return state.Last?.FreedBytes ?? 0;
  }
  if (part === 'logs' || part === 'database') return 0;
  return (await callNative(client, 'reclaimSpace', { part })).FreedBytes;
}

function prunable(): Part[] {
  return (Object.keys(PARTS) as Part[]).filter((part) => PARTS[part].cost !== undefined);
}

function partsOf(text: string): Part[] {
  const named = text.split(',').map((part) => part.trim());
  const wrong = named.find((part) => !(prunable() as string[]).includes(part));
  if (wrong === undefined) return named as Part[];
  throw new CliError(EXIT_CODES.usage, `--only ${JSON.stringify(wrong)} must be one of ${prunable().join(', ')}`);
}

function table({ DiskBytes, FreeBytes, Parts, Stored }: SpaceState): string {
  const disk = [
    ...Parts.map((each) => row(each.Part, each, PARTS[each.Part].what)),
    `disk      ${mebibytes(DiskBytes).padStart(14)}  ${mebibytes(FreeBytes)} free`,
  ];
  if (Stored === undefined) return `${disk.join('\n')}\n`;
  const bucket = Stored.filter(({ Part }) => Part !== 'database').map((each) =>
    row(each.Part, each, counted(each.Count, ...STORED[each.Part])),
  );
  const postgres = Stored.filter(({ Part }) => Part === 'database').map((each) => row(each.Part, each, 'all records'));
  return `data folder:\n${disk.join('\n')}\n\nbucket:\n${bucket.join('\n')}\n\nPostgreSQL:\n${postgres.join('\n')}\n`;
}

function row(part: string, { SizeBytes, ReclaimableBytes }: Omit<Stored, 'Part' | 'Count'>, what: string): string {
  const free = ReclaimableBytes > 0 ? `  ${mebibytes(ReclaimableBytes)} can be freed` : '';
  return `${part.padEnd(9)} ${mebibytes(SizeBytes).padStart(14)}  ${what}${free}`;
}
