import { TRIGGERS } from '@slipway/client/trigger-words.ts';
import { useState } from 'react';
import type { BuildFilters, FilterChanges, Within } from '../../api/build-filters.ts';
import { Choice } from '../../ui/Choice.tsx';
import { statusLook } from '../../ui/statuses.ts';
import { TextFilter } from '../../ui/TextFilter.tsx';

const STATUSES: readonly [value: string, label: string][] = [
  ['', 'Any status'],
  ['PENDING,BUILDING', 'Running'],
  ...['SUCCESS', 'FAILED', 'CANCELED'].map((status): [string, string] => [status, statusLook(status).word]),
];
const TIMES: readonly [value: Within | '' | 'dates', label: string][] = [
  ['', 'Any time'],
  ['hour', 'Last hour'],
  ['day', 'Last 24 hours'],
  ['week', 'Last 7 days'],
  ['month', 'Last 30 days'],
  ['dates', 'Between dates'],
];

interface FieldsProps {
  filters: BuildFilters;
  /** Called with what was changed, and whether it was typed: each pause while typing is no step of the history. */
  onChange(changes: FilterChanges, isTyped: boolean): void;
}

/** The fields that narrow a list of builds. */
export function BuildFilterFields({ filters, onChange }: FieldsProps) {
  const [wantsDates, setWantsDates] = useState(false);
  const change = (changes: FilterChanges) => onChange(changes, false);
  const hasDates = wantsDates || filters.from !== undefined || filters.to !== undefined;
  return (
    <>
      <Choice
        aria-label="Status"
        value={filters.status ?? ''}
        options={STATUSES}
        onChange={({ target }) => change({ status: target.value })}
      />
      <Choice
        aria-label="Started by"
        value={filters.trigger ?? ''}
        options={[['', 'Any trigger'], ...Object.entries(TRIGGERS)]}
        onChange={({ target }) => change({ trigger: target.value })}
      />
      <Choice
        aria-label="Time"
        value={filters.within ?? (hasDates ? 'dates' : '')}
        options={TIMES}
        onChange={({ target: { value: time } }) => {
          setWantsDates(time === 'dates');
          change({ within: time === 'dates' ? undefined : (time as Within), from: undefined, to: undefined });
        }}
      />
      {hasDates && filters.within === undefined && (
        <>
          <input
            type="date"
            aria-label="From"
            value={filters.from ?? ''}
            onChange={(event) => change({ from: event.target.value })}
          />
          <input
            type="date"
            aria-label="To"
            value={filters.to ?? ''}
            onChange={(event) => change({ to: event.target.value })}
          />
        </>
      )}
      <TextFilter
        label="Repository"
        placeholder="Repository"
        value={filters.repository}
        onChange={(repository) => onChange({ repository }, true)}
      />
      <TextFilter
        label="Branch or tag"
        placeholder="Branch or tag"
        value={filters.branch}
        onChange={(branch) => onChange({ branch }, true)}
      />
      <TextFilter
        label="Author"
        placeholder="Author"
        value={filters.author}
        onChange={(author) => onChange({ author }, true)}
      />
    </>
  );
}
