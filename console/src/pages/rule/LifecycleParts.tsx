import { counted } from '@slipway/client/counted.ts';
import type { LifecycleRun } from '@slipway/client/native.gen.ts';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { runLifecycleRule } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { formatDate } from '../../ui/durations.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';

interface Rule {
  RetentionTagCount?: number | undefined;
  TagRegexp?: string | undefined;
  EnableDeleteTag?: boolean | undefined;
  EnableDeleteUntaggedManifest?: boolean | undefined;
  Auto?: boolean | undefined;
  ScheduleTime?: string | undefined;
  NextTime?: number | undefined;
  DryRun?: boolean | undefined;
}

/** What the user may do with the lifecycle rules of the instance. Running one also removes tags. */
export function useLifecycleRights() {
  const resource = `instance/${currentSession().instanceId}`;
  const [mayCreate, mayUpdate, mayDelete, mayRemoveTags] = useMay([
    { action: 'cr:CreateArtifactLifecycleRule', resource },
    { action: 'cr:UpdateArtifactLifecycleRule', resource },
    { action: 'cr:DeleteArtifactLifecycleRule', resource },
    { action: 'cr:DeleteRepositoryTag', resource: repositoryResource('*') },
  ]);
  return { mayCreate, mayUpdate, mayDelete, mayRun: mayUpdate && mayRemoveTags };
}

/** Which tags a lifecycle rule keeps, where, and when it runs. */
export function KeptTags({ rule, of, children }: { rule: Rule; of: string; children?: ReactNode }) {
  const { RetentionTagCount: count, TagRegexp = '', NextTime } = rule;
  const isOff = rule.EnableDeleteTag === false && !rule.EnableDeleteUntaggedManifest;
  return (
    <>
      {rule.EnableDeleteUntaggedManifest ? (
        <span>Remove images without a tag</span>
      ) : (
        <span>
          Keep {count === undefined ? 'all tags' : counted(count, 'tag')}
          {TagRegexp.trim() !== '' && (
            <>
              {' '}
              {count === undefined ? 'that match' : 'of those that match'} <code>{TagRegexp.trim()}</code>
            </>
          )}
        </span>
      )}
      <span className="quiet">
        for {of}, {!NextTime ? 'runs by hand' : `next run ${formatDate(NextTime)}`}
        {rule.DryRun && ', removes nothing (dry run)'}
        {isOff && ', switched off'}
        {children}
      </span>
    </>
  );
}

/** A button that runs a lifecycle rule, and says what it removed. */
export function RunNow({ ruleId, done }: { ruleId: string; done(): void }) {
  const run = useMutation({ mutationFn: () => runLifecycleRule(ruleId), onSuccess: done });
  return (
    <>
      {run.data && <span className="quiet">{run.data.Failure ?? outcomeOf(run.data)}</span>}
      {run.error && <Failure error={run.error} />}
      <SureButton name="Run now" of={ruleId} act={() => run.mutate()} busy={run.isPending} />
    </>
  );
}

/** What a run did. */
export function outcomeOf({ RemovedTags, RemovedManifests, KeptTags, Repositories, DryRun }: LifecycleRun): string {
  const what =
    RemovedManifests > 0
      ? counted(RemovedManifests, 'image without a tag', 'images without a tag')
      : counted(RemovedTags, 'tag');
  const removed = `${what} ${DryRun ? 'to remove (dry run)' : 'removed'}`;
  return `${removed}, ${KeptTags} kept, in ${counted(Repositories, 'repository', 'repositories')}.`;
}

/** Which tags to keep, and when to run: of a new rule, or as a rule has it. */
export function keepFields(rule: Rule = {}): FieldSpec[] {
  return [
    {
      name: 'RetentionTagCount',
      label: 'Keep the newest',
      kind: 'text',
      hint: 'Number of tags. If empty, all tags that match.',
      value: String(rule.RetentionTagCount ?? ''),
    },
    {
      name: 'TagRegexp',
      label: 'Of the tags that match',
      kind: 'text',
      hint: 'A regular expression for the whole tag, such as release-.*. If empty, every tag matches.',
      value: rule.TagRegexp ?? '',
    },
    { name: 'Auto', label: 'Run by schedule', kind: 'switch', value: String(rule.Auto ?? false) },
    {
      name: 'ScheduleTime',
      label: 'When',
      kind: 'choice',
      required: true,
      value: rule.ScheduleTime ?? 'WEEK',
      choices: { WEEK: 'On Sundays at 02:00', MONTH: 'On the first of the month at 02:00' },
      when: { field: 'Auto', is: ['true'] },
    },
    {
      name: 'DryRun',
      label: 'Remove nothing, only report (dry run)',
      kind: 'switch',
      value: String(rule.DryRun ?? false),
    },
  ];
}
