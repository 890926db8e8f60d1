import { useMutation, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { policyActionsQuery, policyNotesQuery } from '../../api/policy-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { usePaused } from '../../ui/use-paused.ts';
import { CloseButton } from '../CloseButton.tsx';
import { UnsavedChanges } from '../UnsavedChanges.tsx';
import { completionAt } from './completion.ts';
import { PolicyNotes } from './PolicyNotes.tsx';
import '../../styles/policy-editor.css';

interface PolicyEditorProps {
  /** The document to begin with. */
  document: string;
  submit: string;
  /** Whether everything beside the document is filled in. */
  mayBeSent: boolean;
  /** Whether something beside the document was entered. */
  isChangedBeside?: boolean;
  save(document: string): Promise<unknown>;
  done(): void;
  leave(): void;
}

const CHECK_AFTER_MS = 250;
const ROWS = 12;
/** The server refuses longer documents. */
const LIMIT_CHARS = 6144;

/** A text area with line numbers, checked by the server while its user types, that completes the names of actions. */
export function PolicyEditor(props: PolicyEditorProps) {
  const { document, submit, mayBeSent, isChangedBeside = false, save, done, leave } = props;
  const [text, setText] = useState(document);
  const checked = usePaused(text, CHECK_AFTER_MS);
  const [cursor, setCursor] = useState<number>();
  const [chosen, setChosen] = useState(0);
  const [scrollTop, setScrollTop] = useState(0);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const { data: known } = useQuery(policyActionsQuery());
  const { data: notes, error } = useQuery(policyNotesQuery(checked));
  const actions = useMemo(() => known?.map(({ Action }) => Action) ?? [], [known]);
  const completion = cursor === undefined ? undefined : completionAt(text, cursor, actions);
  const isSent = useRef(false);
  const isChanged = isChangedBeside || text !== document;
  const sending = useMutation({
    mutationFn: save,
    onSuccess: () => {
      isSent.current = true;
      done();
    },
  });
  const isChecked = checked === text;
  const isRefused = isChecked && notes?.some(({ Severity }) => Severity === 'Error');
  const take = (index: number) => {
    const choice = completion?.choices[index];
    if (completion === undefined || choice === undefined) return;
    const { from, to } = completion;
    setText(text.slice(0, from) + choice + text.slice(to));
    setCursor(undefined);
    const end = from + choice.length;
    // The area has the new text only once it is drawn.
    requestAnimationFrame(() => area.current?.setSelectionRange(end, end));
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (completion === undefined) return;
    const { key } = event;
    const count = completion.choices.length;
    if (key === 'ArrowDown') setChosen((chosen + 1) % count);
    else if (key === 'ArrowUp') setChosen((chosen + count - 1) % count);
    else if (key === 'Enter' || key === 'Tab') take(chosen);
    else if (key === 'Escape') setCursor(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const goTo = (line: number) => {
    const start = text.split('\n', line - 1).join('\n').length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start);
  };
  const lines = text.split('\n').length;
  const marked = new Map(isChecked ? notes?.map(({ Line, Severity }) => [Line, Severity]) : []);
  const at = text.slice(0, completion?.from).split('\n');
  return (
    <section className="policy-editor" aria-label={submit}>
      <div className="editor-frame">
        <div className="editor-lines" aria-hidden="true">
          <div style={{ transform: `translateY(${-scrollTop}px)` }}>
            {Array.from({ length: lines }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
              <div key={index} className={lineClass(marked.get(index + 1))}>
                {index + 1}
              </div>
            ))}
          </div>
        </div>
        <textarea
          ref={area}
          aria-label="Policy document"
          aria-autocomplete="list"
          aria-controls={completion ? `${id}-choices` : undefined}
          aria-activedescendant={completion ? `${id}-${chosen}` : undefined}
          aria-describedby={`${id}-notes`}
          aria-invalid={isRefused === true}
          rows={Math.max(ROWS, Math.min(lines + 1, 2 * ROWS))}
          wrap="off"
          spellCheck={false}
          maxLength={LIMIT_CHARS}
          value={text}
          onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
          onKeyDown={onKeyDown}
          onBlur={() => setCursor(undefined)}
          onChange={({ target }) => {
            setText(target.value);
            setCursor(target.selectionStart);
            setChosen(0);
          }}
        />
        {completion && (
          <div
            id={`${id}-choices`}
            className="editor-choices"
            role="listbox"
            aria-label="Actions"
            style={{
              top: `calc(8px + ${at.length} * 1.5em - ${scrollTop}px)`,
              left: `min(calc(44px + ${at.at(-1)?.length ?? 0}ch), calc(100% - 230px))`,
            }}
          >
            {completion.choices.map((choice, index) => (
              <div
                key={choice}
                tabIndex={-1}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(index);
                }}
              >
                {choice}
              </div>
            ))}
          </div>
        )}
      </div>
      <div id={`${id}-notes`} role="status">
        <PolicyNotes notes={isChecked ? notes : undefined} goTo={goTo} />
      </div>
      {error && <Failure error={error} />}
      {sending.error && <Failure error={sending.error} />}
      <div className="form-end">
        <button
          type="button"
          className="primary"
          disabled={!mayBeSent || sending.isPending || isRefused === true}
          onClick={() => sending.mutate(text)}
        >
          {sending.isPending ? 'Sending…' : submit}
        </button>
        <CloseButton isChanged={isChanged} leave={leave} />
        <span className="quiet">
          {text.length} of {LIMIT_CHARS} characters
        </span>
      </div>
      <UnsavedChanges isChanged={() => isChanged && !isSent.current} />
    </section>
  );
}

function lineClass(severity: string | undefined): string | undefined {
  if (severity === undefined) return undefined;
  return severity === 'Error' ? 'line-bad' : 'line-warn';
}
