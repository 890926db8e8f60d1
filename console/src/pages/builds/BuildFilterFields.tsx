import { useEffect, useId, useState } from 'react';
import type { BuildFilters, Within } from '../../api/build-filters.ts';
import { TRIGGERS } from './trigger-words.ts';

const STATUSES: readonly [value: string, label: string][] = [
  ['', 'Any status'],
  ['PENDING,BUILDING', 'Running'],
  ['SUCCESS', 'Succeeded'],
  ['FAILED', 'Failed'],
  ['CANCELED', 'Cancelled'],
];
const TIMES: readonly [value: Within | '' | 'dates', label: string][] = [
  ['', 'Any time'],
  ['hour', 'Last hour'],
  ['day', 'Last 24 hours'],
  ['week', 'Last 7 days'],
  ['month', 'Last 30 days'],
  ['dates', 'Between dates'],
];
/** How long after the last key a text is used, so that not every letter is a request. */
const TYPING_MS = 400;

interface FieldsProps {
  filters: BuildFilters;
  /** Gives the whole filter, with what was changed. */
  onChange(filters: BuildFilters): void;
}

/** The fields that narrow a list of builds. */
export function BuildFilterFields({ filters, onChange }: FieldsProps) {
  const [wantsDates, setWantsDates] = useState(false);
  const change = (changed: { [Name in keyof BuildFilters]?: BuildFilters[Name] | undefined }) =>
    onChange(
      Object.fromEntries(
        Object.entries({ ...filters, ...changed }).filter(([, value]) => value !== undefined && value !== ''),
      ),
    );
  const hasDates = wantsDates || filters.from !== undefined || filters.to !== undefined;
  return (
    <>
      <Choice
        label="Status"
        value={filters.status ?? ''}
        options={STATUSES}
        onChange={(status) => change({ status })}
      />
      <Choice
        label="Started by"
        value={filters.trigger ?? ''}
        options={[['', 'Any trigger'], ...Object.entries(TRIGGERS)]}
        onChange={(trigger) => change({ trigger })}
      />
      <Choice
        label="Time"
        value={filters.within ?? (hasDates ? 'dates' : '')}
        options={TIMES}
        onChange={(time) => {
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
        placeholder="team/app"
        value={filters.repository}
        onChange={(repository) => change({ repository })}
      />
      <TextFilter
        label="Branch or tag"
        placeholder="main"
        value={filters.branch}
        onChange={(branch) => change({ branch })}
      />
      <TextFilter label="Author" placeholder="Ann" value={filters.author} onChange={(author) => change({ author })} />
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange(value: string): void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface TextFilterProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  /** Shorter texts are not used. */
  least?: number;
  wide?: boolean;
  onChange(value: string): void;
}

/** A text that is used a moment after the last key, or at once with Enter. */
export function TextFilter({ label, placeholder, value = '', least = 1, wide = false, onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const id = useId();
  // The URL may change without a key: back, forward, or a link.
  useEffect(() => setTyped(value), [value]);
  const isShort = typed !== '' && typed.trim().length < least;
  const use = () => {
    if (typed.trim() !== value && !isShort) onChange(typed.trim());
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait again.
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(use, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <span className={wide ? 'text-filter wide' : 'text-filter'}>
      <input
        type="search"
        aria-label={label}
        placeholder={wide ? placeholder : `${label}: ${placeholder}`}
        title={label}
        value={typed}
        maxLength={200}
        aria-describedby={isShort ? id : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && use()}
      />
      {isShort && (
        <span id={id} className="quiet">
          at least {least} characters
        </span>
      )}
    </span>
  );
}
