import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type FormEvent, useState } from 'react';
import { Failure } from '../failure/Failure.tsx';
import { currentClient } from '../session/session.ts';
import { Field, type FieldSpec } from '../ui/Field.tsx';

interface ApiFormProps {
  /** The operation that the form calls. */
  action: string;
  /** Parameters that have no field. */
  fixed: Readonly<Record<string, string>>;
  fields: readonly FieldSpec[];
  submit: string;
  /** Called with the values that were sent. */
  done(sent: Readonly<Record<string, string>>): void;
  leave?: () => void;
  /** Sends the values where the operation is one of Slipway's own, or takes another form; they include `fixed`. */
  send?: (values: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** A form that calls an operation. The server validates; its message about a parameter appears next to the field. */
export function ApiForm({ action, fixed, fields, submit, done, leave, send: sendTo }: ApiFormProps) {
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const wrong = fields.find((field) => field.name === parameterOf(failure))?.name;
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const values = Object.fromEntries(fields.map((field) => [field.name, sentValue(field, entered.get(field.name))]));
      const all = { ...fixed, ...values };
      await (sendTo === undefined ? currentClient().callAny(action, all) : sendTo(all));
      setFailure(undefined);
      done(textsOf(values));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="api-form" aria-label={submit} onSubmit={send}>
      {fields.map((spec) => (
        <Field key={spec.name} spec={spec} mistake={spec.name === wrong ? (failure as Error).message : undefined} />
      ))}
      {failure !== undefined && wrong === undefined && <Failure error={failure} />}
      <div className="form-end">
        <button type="submit" className="primary" disabled={busy}>
          {busy ? 'Sending…' : submit}
        </button>
        {leave && (
          <button type="button" onClick={leave}>
            Close
          </button>
        )}
        <span className="quiet">
          calls <code>{action}</code>
        </span>
      </div>
    </form>
  );
}

/**
 * The value to send for a field: an empty field is left out, so that the server's default applies; a password is sent
 * as is.
 */
function sentValue({ kind }: FieldSpec, entered: FormDataEntryValue | null): unknown {
  if (kind === 'switch') return entered === 'true' ? 'true' : 'false';
  if (kind === 'password' || kind === 'new-password') return String(entered ?? '');
  const text = String(entered ?? '').trim();
  if (kind !== 'lines') return text === '' ? undefined : text;
  return text === '' ? undefined : text.split('\n').map((line) => line.trim());
}

function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? '')]));
}

/** The parameter that an error names. */
function parameterOf(error: unknown): string | undefined {
  return error instanceof ApiCallError ? /parameter "([^"]+)"/.exec(error.message)?.[1] : undefined;
}
