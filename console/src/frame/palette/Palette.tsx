import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { usePaused } from '../../ui/use-paused.ts';
import type { Entry } from './entry.ts';
import { useFound } from './use-found.ts';
import '../../styles/dialog.css';

/** Requests are sent once the typing pauses for this long. */
const PAUSE_MS = 150;

/** Finds builds, repositories, operations, pages and documentation by a few words, and opens one. */
export function Palette({ close, openHelp }: { close(): void; openHelp(): void }) {
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const text = usePaused(wanted, wanted === '' ? 0 : PAUSE_MS);
  const { groups, errors, isBusy } = useFound(text, openHelp);
  const entries = groups.flatMap((group) => group.entries);
  const [chosenKey, setChosenKey] = useState<string>();
  const at = Math.max(
    0,
    entries.findIndex(({ key }) => key === chosenKey),
  );
  const id = useId();
  const open = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    close();
    entry.act();
  };
  const step = (by: number) => setChosenKey(entries[(at + by + entries.length) % entries.length]?.key);
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter') open(entries[at]);
    else return;
    event.preventDefault();
  };
  const optionId = (key: string) => `${id}-${entries.findIndex((entry) => entry.key === key)}`;
  return (
    <Dialog label="Find" className="palette" close={close}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Find a build, repository, operation or page"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={entries.length > 0 ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          placeholder="Find a build, repository, operation or page"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setChosenKey(undefined);
          }}
          onKeyDown={press}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={id} role="listbox" aria-label="Found" className="palette-list">
        {groups.map(({ title, entries: own }) => (
          // biome-ignore lint/a11y/useSemanticElements: options of a list box can be grouped only by role.
          <div key={title} role="group" aria-label={title}>
            <div aria-hidden="true" className="palette-title">
              {title}
            </div>
            {own.map((entry) => (
              <Option
                key={entry.key}
                id={optionId(entry.key)}
                entry={entry}
                isChosen={entries[at] === entry}
                choose={() => setChosenKey(entry.key)}
                open={() => open(entry)}
              />
            ))}
          </div>
        ))}
      </div>
      <div className="palette-foot">
        <p role="status">{told(entries.length, text, isBusy || wanted !== text)}</p>
        {errors.map((error, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two errors can say the same.
          <Failure key={index} error={error} />
        ))}
      </div>
    </Dialog>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  isChosen: boolean;
  choose(): void;
  open(): void;
}

function Option({ id, entry, isChosen, choose, open }: OptionProps) {
  useEffect(() => {
    if (isChosen) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [isChosen, id]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which opens the chosen option.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className="palette-entry"
      onPointerMove={choose}
      onClick={open}
    >
      <Icon name={entry.icon} />
      <span className="palette-label">{entry.label}</span>
      <span className="palette-detail">{entry.detail}</span>
    </div>
  );
}

function told(count: number, text: string, isBusy: boolean): string {
  if (isBusy) return 'Searching…';
  if (count === 0) return `Nothing found for “${text}”`;
  return `${count} found. ↑ ↓ choose, Enter opens.`;
}
