import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Failure } from '../failure/Failure.tsx';
import { Empty } from '../ui/Empty.tsx';
import type { FieldSpec } from '../ui/Field.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { SureButton } from '../ui/SureButton.tsx';
import { ApiForm } from './ApiForm.tsx';

/** The form that creates or changes an entry; see `ApiForm`. */
export interface EntryForm {
  action: string;
  /** What the form does if it does not create, such as `Attach`. */
  verb?: string;
  fixed?: Readonly<Record<string, string>>;
  fields: readonly FieldSpec[];
  send?: (values: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

interface CollectionProps<Entry> {
  /** The id of its heading. */
  id: string;
  title: string;
  /** One of them, such as `trigger`. */
  noun: string;
  /** Several of them, if that is not the noun and an s. */
  plural?: string;
  /** Whether it is a part of another section. */
  inner?: boolean;
  /** What they do, in a sentence or two. */
  about?: ReactNode;
  /** Undefined while they are read. */
  entries: readonly Entry[] | undefined;
  error: unknown;
  /** What is missing while there are none. */
  none: ReactNode;
  keyOf(entry: Entry): string;
  nameOf(entry: Entry): string;
  line(entry: Entry): ReactNode;
  /** What is below its line. */
  more?(entry: Entry): ReactNode;
  /** Further buttons. */
  buttons?(entry: Entry): ReactNode;
  /** A button beside the title, if a form is not needed to create an entry. */
  button?: ReactNode;
  /** False without the right. */
  create?: EntryForm | false;
  change?: ((entry: Entry) => EntryForm) | false;
  remove?: ((entry: Entry) => Promise<unknown>) | false;
  /** What `remove` does if it does not delete, such as `Detach`. */
  removeVerb?: string;
  /** Where the right to delete differs between entries. */
  mayRemove?(entry: Entry): boolean;
  /** Called after each change. */
  changed(): void;
}

/** A list whose entries can be created, changed and deleted, each where the caller has the right to. */
export function Collection<Entry>(props: CollectionProps<Entry>) {
  const {
    id,
    title,
    noun,
    inner = false,
    about,
    button,
    entries,
    error,
    none,
    create,
    change,
    remove,
    changed,
  } = props;
  const [open, setOpen] = useState<string>();
  const leave = () => setOpen(undefined);
  const done = () => {
    leave();
    changed();
  };
  return (
    <section aria-labelledby={id}>
      <div className="page-head">
        {inner ? <h3 id={id}>{title}</h3> : <h2 id={id}>{title}</h2>}
        <span className="gap" />
        {button}
        {create && open !== '' && (
          <button type="button" className={inner ? 'small' : ''} onClick={() => setOpen('')}>
            {create.verb ?? 'New'} {noun}
          </button>
        )}
      </div>
      {about !== undefined && <p className="about quiet">{about}</p>}
      {error != null && <Failure error={error} />}
      {create && open === '' && (
        <ApiForm fixed={{}} {...create} submit={`${create.verb ?? 'Create'} ${noun}`} done={done} leave={leave} />
      )}
      {entries === undefined && error == null && <Skeleton of={props.plural ?? `${noun}s`} />}
      {entries?.length === 0 && <Empty>{none}</Empty>}
      <ul className="rows">
        {entries?.map((entry) => {
          const key = props.keyOf(entry);
          const name = props.nameOf(entry);
          return (
            <li key={key}>
              <div className="row-line">
                {props.line(entry)}
                <span className="row-buttons">
                  {props.buttons?.(entry)}
                  {change && (
                    <button
                      type="button"
                      className="small"
                      aria-label={`Change ${name}`}
                      onClick={() => setOpen(open === key ? undefined : key)}
                    >
                      Change
                    </button>
                  )}
                  {remove && props.mayRemove?.(entry) !== false && (
                    <DeleteButton
                      name={props.removeVerb}
                      of={`${noun} ${name}`}
                      act={() => remove(entry)}
                      done={done}
                    />
                  )}
                </span>
              </div>
              {change && open === key && (
                <ApiForm fixed={{}} {...change(entry)} submit={`Save ${noun}`} done={done} leave={leave} />
              )}
              {props.more?.(entry)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface DeleteButtonProps {
  /** What it does, if it is something else, such as `Detach`. */
  name?: string | undefined;
  of: string;
  act(): Promise<unknown>;
  done(): void;
}

/** A button that deletes on its second press, and says why it could not. */
export function DeleteButton({ name = 'Delete', of, act, done }: DeleteButtonProps) {
  const remove = useMutation({ mutationFn: act, onSuccess: done });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name={name} of={of} act={() => remove.mutate()} busy={remove.isPending} />
    </>
  );
}
