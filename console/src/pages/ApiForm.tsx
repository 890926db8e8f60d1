import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Failure } from '../failure/Failure.tsx';
import { currentClient } from '../session/session.ts';
import { Field, type FieldSpec } from '../ui/Field.tsx';
import { CloseButton } from './CloseButton.tsx';
import { sentValue } from './sent-value.ts';
import { UnsavedChanges } from './UnsavedChanges.tsx';

interface ApiFormProps {
  /** The operation that the form calls. */
  action: string;
  /** Parameters that have no field. */
  fixed: Readonly<Record<string, string>>;
  fields: readonly FieldSpec[];
  submit: string;
  /** Called with the values that were sent, and with what `send` returned. */
  done(sent: Readonly<Record<string, string>>, answer: unknown): void;
  leave?: () => void;
  /** Sends the values where the operation is one of Slipway's own, or takes another form; they include `fixed`. */
  send?: (values: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/**
 * A form that calls an operation. The server validates; its message about a parameter appears next to the field. What was entered
 * stays if the server refuses, and is not thrown away without a question.
 */
export function ApiForm({ action, fixed, fields, submit, done, leave, send: sendTo }: ApiFormProps) {
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>({});
  const form = useRef<HTMLFormElement>(null);
  const isSent = useRef(false);
  const entry = (name: string) => entered[name] ?? fields.find((field) => field.name === name)?.value ?? '';
  const shown = fields.filter(({ when }) => when === undefined || when.is.includes(entry(when.field)));
  const wrong = shown.find((field) => field.name === parameterOf(failure))?.name;
  const isChanged = fields.some(({ name, value = '' }) => entered[name] !== undefined && entered[name] !== value);
  useEffect(() => {
    if (wrong !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [wrong]);
  const note = ({ target }: { target: EventTarget }) => {
    const isText = target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
    if (!isText && !(target instanceof HTMLInputElement)) return;
    const { name, type, value } = target;
    const isOn = target instanceof HTMLInputElement && target.checked;
    setEntered((before) => ({ ...before, [name]: type === 'checkbox' ? String(isOn) : value }));
  };
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const values = Object.fromEntries(
        shown.map((field) => [field.name, sentValue(field, data.get(field.name), sendTo === undefined)]),
      );
      const all = { ...fixed, ...values };
      const answer = await (sendTo === undefined ? currentClient().callAny(action, all) : sendTo(all));
      setFailure(undefined);
      isSent.current = true;
      done(textsOf(values), answer);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form ref={form} className="api-form" aria-label={submit} onSubmit={send} onChange={note}>
      {shown.map((spec) => (
        <Field
          key={spec.name}
          // A field that was hidden meanwhile comes back with what was entered.
          spec={{ ...spec, value: entry(spec.name) }}
          mistake={spec.name === wrong ? (failure as Error).message : undefined}
        />
      ))}
      {failure !== undefined && wrong === undefined && <Failure error={failure} />}
      <div className="form-end">
        <button type="submit" className="primary" disabled={busy}>
          {busy ? 'Sending…' : submit}
        </button>
        {leave && <CloseButton isChanged={isChanged} leave={leave} />}
        <span className="quiet">
          calls <code>{action}</code>
        </span>
      </div>
      <UnsavedChanges isChanged={() => isChanged && !isSent.current} />
    </form>
  );
}

function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? '')]));
}

/** The parameter that an error names: `The parameter "Name" …`, or `Name: …`. */
function parameterOf(error: unknown): string | undefined {
  if (!(error instanceof ApiCallError)) return undefined;
  const [, quoted, first] = /parameter "([^"]+)"|^(\w+): /.exec(error.message) ?? [];
  return quoted ?? first;
}
