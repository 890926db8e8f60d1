import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import { counted } from '@slipway/client/counted.ts';
import type { LifecycleRun, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseCount } from '../input/log-filter.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import { askUntil } from '../server/ask-until.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

const RULES_SHOWN = 100;

interface AddOptions extends ListOptions {
  keep?: string;
  match?: string;
  weekly: boolean;
  monthly: boolean;
  untagged: boolean;
  dryRun: boolean;
}

interface ListOptions extends ServerOptions {
  json: boolean;
}

type Removal = NativeCalls['getLifecycleRun']['reply']['Removals'][number];

/** `slipway lifecycle`: rules about which tags to keep, and their runs. */
export function registerLifecycle(program: Command): void {
  const lifecycle = program.command('lifecycle').description('rules that keep the newest tags and remove the others');
  withServer(lifecycle.command('list'))
    .description('list the rules')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => listRules(options));
  withServer(lifecycle.command('add [namespace[/name]]'))
    .description('add a rule for a repository, for a namespace or, without a name, for all repositories')
    .option('--keep <count>', 'keep the newest <count> of the tags that match (default: all of them)')
    .option('--match <expression>', 'the tags to keep, as a regular expression for the whole tag (default: every tag)')
    .option('--weekly', 'run on Sundays at 02:00', false)
    .option('--monthly', 'run on the first of each month at 02:00', false)
    .option('--untagged', 'remove images without a tag instead of tags', false)
    .option('--dry-run', 'let runs only report what they would remove', false)
    .option(...JSON_FLAG, false)
    .action((place: string | undefined, options: AddOptions) => addRule(place, options));
  withServer(lifecycle.command('remove <rule>'))
    .description('remove a rule')
    .option(...JSON_FLAG, false)
    .action((ruleId: string, options: ListOptions) => removeRule(ruleId, options));
  withServer(lifecycle.command('plan <rule>'))
    .description('show what a run of a rule would remove now')
    .option(...JSON_FLAG, false)
    .action((ruleId: string, options: ListOptions) => run('planLifecycleRule', ruleId, options));
  withServer(lifecycle.command('run <rule>'))
    .description('run a rule now; slipway restore brings tags back while their images are kept')
    .option(...JSON_FLAG, false)
    .action((ruleId: string, options: ListOptions) => run('runLifecycleRule', ruleId, options));
  withServer(lifecycle.command('runs [rule]'))
    .description('list the last runs, of all rules or of one')
    .option(...JSON_FLAG, false)
    .action((ruleId: string | undefined, options: ListOptions) => listRuns(ruleId, options));
  withServer(lifecycle.command('show <run>'))
    .description('show what a run removed')
    .option(...JSON_FLAG, false)
    .action((runId: string, options: ListOptions) =>
      onServer(options, async ({ client }) => printRun(client, runId, options)),
    );
}

async function listRules(options: ListOptions): Promise<void> {
  await onServer(options, async ({ client, instanceId: InstanceId }) => {
    const output = new Output();
    const { Rules = [] } = await client.call('ListArtifactLifecycleRule', { InstanceId, PageSize: RULES_SHOWN });
    if (Rules.length === 0 && !options.json) say('no rules yet; slipway lifecycle add makes one');
    for (const rule of Rules) {
      const place = [rule.NamespaceName ?? 'all repositories', rule.RepoName].filter(Boolean).join('/');
      const match = rule.TagRegexp?.trim() ? `that match ${rule.TagRegexp.trim()}` : '';
      const kept =
        rule.RetentionTagCount === undefined
          ? `keep all tags ${match}`
          : `keep ${counted(rule.RetentionTagCount, 'tag')}${match === '' ? '' : ` of those ${match}`}`;
      const what = rule.EnableDeleteUntaggedManifest
        ? 'remove images without a tag'
        : rule.EnableDeleteTag
          ? kept
          : 'off';
      const when = rule.NextTime ? `next run ${utcTime(rule.NextTime)}` : 'runs by hand';
      const dry = rule.DryRun ? '  (dry run)' : '';
      await output.write(
        options.json ? `${jsonText(rule, output.terminal)}\n` : `${rule.RuleId}  ${place}  ${what}  ${when}${dry}\n`,
      );
    }
  });
}

async function addRule(place: string | undefined, options: AddOptions): Promise<void> {
  const { keep, match, weekly, monthly, untagged, dryRun } = options;
  const [NamespaceName, RepoName, ...rest] = place?.split('/') ?? [];
  if (rest.length > 0) throw new CliError(EXIT_CODES.usage, `${place} is neither NAMESPACE nor NAMESPACE/NAME`);
  if (weekly && monthly) throw new CliError(EXIT_CODES.usage, 'choose one of --weekly and --monthly');
  if (untagged && (keep !== undefined || match !== undefined))
    throw new CliError(EXIT_CODES.usage, 'use --untagged without --keep and --match, which are about tags');
  if (!untagged && keep === undefined && match === undefined)
    throw new CliError(EXIT_CODES.usage, 'say which tags to keep, with --keep, --match or both');
  await onServer(options, async ({ client, instanceId: InstanceId }) => {
    const { RuleId = '' } = await client.call('CreateArtifactLifecycleRule', {
      InstanceId,
      Scope: RepoName === undefined ? (NamespaceName === undefined ? 'INSTANCE' : 'NAMESPACE') : 'REPO',
      NamespaceName,
      RepoName,
      RetentionTagCount: keep === undefined ? undefined : parseCount('--keep', keep, 1),
      TagRegexp: match,
      Auto: weekly || monthly,
      ScheduleTime: weekly ? 'WEEK' : monthly ? 'MONTH' : undefined,
      EnableDeleteTag: !untagged,
      EnableDeleteUntaggedManifest: untagged,
      DryRun: dryRun,
    });
    const notes = [`slipway lifecycle plan ${RuleId} shows what it would remove now`];
    await show({ data: { RuleId }, lines: [RuleId], notes }, options.json);
  });
}

async function removeRule(RuleId: string, options: ListOptions): Promise<void> {
  await onServer(options, async ({ client, instanceId: InstanceId }) => {
    await client.call('DeleteArtifactLifecycleRule', { InstanceId, RuleId });
    const notes = [`the rule ${RuleId} is removed; tags that it removed can still be restored`];
    await show({ data: { RuleId }, lines: [], notes }, options.json);
  });
}

async function run(
  operation: 'planLifecycleRule' | 'runLifecycleRule',
  ruleId: string,
  options: ListOptions,
): Promise<void> {
  await onServer(options, async ({ client }) => {
    const run: LifecycleRun = await callNative(client, operation, { ruleId });
    const { RunId: runId } = run;
    await askUntil(
      () => callNative(client, 'getLifecycleRun', { runId }),
      ({ EndTime }) => EndTime !== undefined,
      run,
    );
    await printRun(client, runId, options);
  });
}

async function listRuns(rule: string | undefined, options: ListOptions): Promise<void> {
  await onServer(options, async ({ client }) => {
    const output = new Output();
    const { Runs } = await callNative(client, 'listLifecycleRuns', { rule });
    if (Runs.length === 0 && !options.json) say(rule === undefined ? 'no runs yet' : `no runs of ${rule} yet`);
    for (const each of Runs)
      await output.write(options.json ? `${jsonText(each, output.terminal)}\n` : `${runRow(each)}\n`);
  });
}

/** A run, and what it removed or would remove; with `--json`, its removals one per line, and the run itself last. */
async function printRun(client: Client, runId: string, { json }: ListOptions): Promise<void> {
  const output = new Output();
  let cursor: string | undefined;
  for (;;) {
    const page = await callNative(client, 'getLifecycleRun', { runId, cursor });
    for (const each of page.Removals)
      await output.write(json ? `${jsonText(each, output.terminal)}\n` : removalRows(each));
    cursor = page.Cursor;
    if (cursor !== undefined) continue;
    const { Removals, Cursor, ...lifecycleRun } = page;
    await show({ data: lifecycleRun, lines: [], notes: [summary(page)] }, json);
    if (page.Failure !== undefined) throw new CliError(EXIT_CODES.refused, page.Failure);
    return;
  }
}

function removalRows({ Repository, Tags, RemovedTags, RemovedManifests, MatchesNone }: Removal): string {
  if (MatchesNone) return `${Repository}  no tag matches the rule, so nothing is removed\n`;
  const more =
    RemovedTags > Tags.length ? [`${Repository}  and ${counted(RemovedTags - Tags.length, 'more tag')}`] : [];
  const untagged = RemovedManifests === 0 ? [] : [`${Repository}  ${untaggedImages(RemovedManifests)}`];
  return [...Tags.map((tag) => `${Repository}:${tag}`), ...more, ...untagged].map((row) => `${row}\n`).join('');
}

function summary({ DryRun, RemovedTags, RemovedManifests, KeptTags, Repositories }: LifecycleRun): string {
  const removed = `${counted(RemovedTags, 'tag')} and ${untaggedImages(RemovedManifests)}`;
  const verb = DryRun ? 'to remove (dry run)' : 'removed';
  const kept = counted(KeptTags, 'tag');
  return `${removed} ${verb}, ${kept} kept, in ${counted(Repositories, 'repository', 'repositories')}`;
}

function untaggedImages(count: number): string {
  return counted(count, 'image without a tag', 'images without a tag');
}

function runRow(run: LifecycleRun): string {
  const by = run.RequestedBy === undefined ? 'by schedule' : `by ${run.RequestedBy.replace(/^.*[:/]/, '')}`;
  const dry = run.DryRun ? '  (dry run)' : '';
  return `${run.RunId}  ${run.RuleId}  ${utcTime(run.CreateTime)}  ${by}  ${run.Status}  ${counted(run.RemovedTags, 'tag')} removed, ${run.KeptTags} kept${dry}`;
}
