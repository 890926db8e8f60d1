import { counted } from '@slipway/client/counted.ts';
import type { Build, Hit, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { parseCount, parseSince } from '../input/log-filter.ts';
import { passOn, patternQuery } from '../log/search-log.ts';
import { listPages } from '../output/list-pages.ts';
import { Output } from '../output/output.ts';
import { jsonText, LineFormatter } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface SearchOptions extends ServerOptions {
  regex: boolean;
  ignoreCase: boolean;
  contextLines: string;
  repository?: string;
  status?: string;
  trigger?: string;
  branch?: string;
  author?: string;
  since?: string;
  until?: string;
  limit: string;
  json: boolean;
}

/** Small pages, so that what was found is shown soon. */
const PAGE_LIMIT = 100;

/** How far a search came. */
interface Progress {
  builds: number;
  damaged: string[];
  isCut: boolean;
}

/** `slipway search TEXT`: the lines of all logs that have a text, by build, newest first, as they are found. */
export function registerSearch(program: Command): void {
  withServer(
    program
      .command('search')
      .description('search the logs of builds, newest first')
      .argument('<text>', 'what to look for in the lines')
      .option('-E, --regex', 'the text is a regular expression', false)
      .option('-i, --ignore-case', 'ignore case', false)
      .option('-C, --context-lines <count>', 'show this many lines before and after each match', '0')
      .option('--repository <namespace/name>', 'only builds of this repository')
      .option('--status <status>', 'only builds with these statuses, separated by commas, as in FAILED,CANCELED')
      .option('--trigger <trigger>', 'only builds that one of these started, separated by commas, as in push,rebuild')
      .option('--branch <name>', 'only builds of this branch or Git tag')
      .option('--author <name>', "only commits whose author's name begins with this, ignoring case")
      .option('--since <time>', 'only builds requested since this time: 2026-03-01T12:00:00Z, or 2h for two hours ago')
      .option('--until <time>', 'only builds requested before this time')
      .option('--limit <count>', 'maximum number of matches', '100')
      .option(...JSON_FLAG, false),
  ).action(async (text: string, options: SearchOptions) => {
    const limit = parseCount('--limit', options.limit, 1);
    const query = { ...queryOf(text, options), limit: Math.min(limit, PAGE_LIMIT) };
    await onServer(options, async (server) => {
      const progress: Progress = { builds: 0, damaged: [], isCut: false };
      const builds = new Map<string, Build>();
      const hits = limited(listPages(server.client, 'searchLogs', query), limit, builds, progress);
      const count = options.json ? await printJson(hits, builds) : await printLines(hits, builds);
      if (!options.json) for (const remark of remarks(count, progress)) say(remark);
      if (count === 0) process.exitCode = EXIT_CODES.notFound;
    });
  });
}

function queryOf(text: string, options: SearchOptions): NativeCalls['searchLogs']['params'] {
  const { repository, status, trigger, branch, author, since, until, ignoreCase } = options;
  const timeOf = (time: string | undefined) => (time === undefined ? undefined : parseSince(time, Date.now()));
  const context = parseCount('--context-lines', options.contextLines, 0);
  return {
    ...patternQuery({ pattern: text, fixed: !options.regex, ignoreCase, context }),
    repository,
    status,
    trigger,
    branch,
    author,
    buildsince: timeOf(since),
    builduntil: timeOf(until),
  };
}

/** The hits of all pages up to a limit; notes the builds they are of, and how far the search came. */
async function* limited(
  pages: AsyncIterable<NativeCalls['searchLogs']['reply']>,
  limit: number,
  builds: Map<string, Build>,
  progress: Progress,
): AsyncGenerator<Hit, void> {
  let left = limit;
  for await (const { Hits, Builds, SearchedBuilds, DamagedBuilds, Cursor } of pages) {
    for (const build of Builds) builds.set(build.BuildRecordId, build);
    progress.builds += SearchedBuilds;
    progress.damaged.push(...DamagedBuilds);
    yield* Hits.slice(0, left);
    left -= Hits.length;
    progress.isCut = left < 0 || (left === 0 && Cursor !== undefined);
    if (left <= 0) return;
  }
}

async function printJson(hits: AsyncIterable<Hit>, builds: ReadonlyMap<string, Build>): Promise<number> {
  const output = new Output();
  let count = 0;
  for await (const hit of hits) {
    const { Repository, ImageTag, Status, CreateTime } = builds.get(hit.BuildRecordId) ?? {};
    await output.write(`${jsonText({ ...hit, Repository, ImageTag, Status, CreateTime }, output.terminal)}\n`);
    count += 1;
    if (output.gone) break;
  }
  return count;
}

async function printLines(hits: AsyncIterable<Hit>, builds: ReadonlyMap<string, Build>): Promise<number> {
  const output = new Output();
  const formatter = new LineFormatter({ terminal: output.terminal });
  let isFirst = true;
  return passOn(
    untilGone(hits, output),
    async ({ lines, endsWithHit, afterGap }) => {
      const isHit = (at: number) => endsWithHit && at === lines.length - 1;
      const shown = lines.map((line, at) => `${formatter.format(line, isHit(at) ? ':' : '-')}\n`);
      await output.write(`${afterGap ? '--\n' : ''}${shown.join('')}`);
    },
    async (id) => {
      const build = builds.get(id);
      const head = build === undefined ? id : headOf(build);
      await output.write(`${isFirst ? '' : '\n'}${head}\n`);
      isFirst = false;
    },
  );
}

async function* untilGone(hits: AsyncIterable<Hit>, output: Output): AsyncGenerator<Hit, void> {
  for await (const hit of hits) {
    yield hit;
    if (output.gone) return;
  }
}

function headOf({ BuildRecordId, CreateTime, Status, Repository, ImageTag }: Build): string {
  return `${BuildRecordId}  ${utcTime(CreateTime)}  ${Status.padEnd(8)}  ${Repository}:${ImageTag}`;
}

function remarks(count: number, { builds, damaged, isCut }: Progress): string[] {
  const found = count === 0 ? `no line of ${counted(builds, 'log')} has this text` : undefined;
  const more = isCut ? `there are more: --limit shows more than ${counted(count, 'match', 'matches')}` : undefined;
  const skipped = damaged.map((id) => `the log of ${id} is damaged and was not searched: see slipway log verify ${id}`);
  return [...skipped, found, more].filter((remark) => remark !== undefined);
}
