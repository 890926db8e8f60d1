import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { DiffSide, Line, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { BUILD_ARGUMENT, findBuild, parseBuildName } from '../build/build-id.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { Output } from '../output/output.ts';
import { jsonText, LineFormatter } from '../output/print-log.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

type Diff = NativeCalls['diffBuilds']['reply'];

interface DiffOptions extends ServerOptions {
  json: boolean;
}

const SHORT_COMMIT = 12;

/** `slipway diff ID [WITH]`: the first difference between two builds. */
export function registerDiff(program: Command): void {
  withServer(
    program
      .command('diff')
      .description('show where a build first differs from another one, or from the last good one')
      .argument('<build>', BUILD_ARGUMENT)
      .argument('[with]', 'the build to compare with; by default the last good build of the same image')
      .option(...JSON_FLAG, false),
  ).action(async (id: string, other: string | undefined, options: DiffOptions) => {
    const build = parseBuildName(id);
    const compared = other === undefined ? undefined : parseBuildName(other);
    await onServer(options, async (server) => {
      const diff = await callNative(server.client, 'diffBuilds', {
        id: await findBuild(server, build),
        with: compared && (await findBuild(server, compared)),
      });
      const output = new Output();
      const text = options.json ? jsonText(diff, output.terminal) : describe(diff, output.terminal);
      await output.write(`${text}\n`);
    });
  });
}

function describe(diff: Diff, terminal: boolean): string {
  const commits =
    diff.CommitId === diff.WithCommitId ? undefined : `${short(diff.CommitId)}, was ${short(diff.WithCommitId)}`;
  const rows: [string, string | undefined][] = [
    ['BuildRecordId', `${diff.BuildRecordId}  ${diff.Status}`],
    ['With', `${diff.WithBuildRecordId}  ${diff.WithStatus}`],
    ['Commit', commits],
    ...diff.BaseImages.map(({ Name, Digest, WithDigest }): [string, string] => [
      'Base image',
      `${Name} is ${Digest ?? 'not used'}, was ${WithDigest ?? 'not used'}`,
    ]),
    ['First', firstSentence(diff)],
  ];
  const table = rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(15)}${value}`]));
  const { First } = diff;
  if (!First) return table.join('\n');
  return [...table, ...side('This build:', First.Build, terminal), ...side('The other:', First.With, terminal)].join(
    '\n',
  );
}

function firstSentence({ First, ComparedLines, Complete }: Diff): string {
  if (!First) {
    const all = `no difference in ${counted(ComparedLines, 'compared line')}`;
    return Complete ? all : `${all}; the rest was not compared`;
  }
  const { Build, With } = First;
  if (First.Kind === 'exit-code')
    return `${place(Build)} ended with exit code ${Build.ExitCode ?? 'unknown'}, was ${With.ExitCode ?? 'unknown'}`;
  if (First.Kind === 'lines') return `in ${place(Build)}`;
  if (Build.BuildStage === undefined) return `${place(With)} does not exist`;
  return With.BuildStage === undefined ? `${place(Build)} is new` : `${place(Build)}, was ${place(With)}`;
}

function place({ BuildStage, Step, Place = String(Step), Instruction }: DiffSide): string {
  return Step === undefined || Step === 0 ? (BuildStage ?? 'nothing') : `step ${Place} (${Instruction ?? BuildStage})`;
}

function side(title: string, { Lines }: DiffSide, terminal: boolean): string[] {
  const lines = Lines.length === 0 ? ['        nothing more'] : formatLines(Lines, terminal);
  return ['', title, ...lines];
}

function formatLines(lines: readonly Line[], terminal: boolean): string[] {
  const formatter = new LineFormatter({ terminal });
  return lines.map((line) => formatter.format(line));
}

function short(commitId: string | undefined): string {
  return commitId?.slice(0, SHORT_COMMIT) ?? 'unknown';
}
