import { flattenParams } from '@slipway/client/flatten.ts';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { reach } from '../../failure/reach.ts';
import { currentSession } from '../../session/session.ts';
import { CodeSamples } from './CodeSamples.tsx';
import { paramsOf, type Typed } from './call-form.ts';
import type { ApiOperation } from './operation.ts';
import { ParameterField } from './ParameterField.tsx';
import { ReplyView, type SentCall } from './ReplyView.tsx';
import { type Signed, SigningSteps } from './SigningSteps.tsx';

const route = getRouteApi('/explorer/$action');

/** The form of an operation, the steps of its signature, the reply, and the same call in other languages. */
export function CallPanel({ operation }: { operation: ApiOperation }) {
  const typed = useTyped(operation);
  const navigate = useNavigate();
  // The last request sent, or the one that would be sent; and one that was never sent, for curl, because a nonce works
  // once.
  const [shown, setShown] = useState<Signed>();
  const [unsent, setUnsent] = useState<Signed>();
  const [sent, setSent] = useState<SentCall>();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const params = paramsOf(operation, typed);
  const asked = JSON.stringify(params);

  // Signed again after every change, so that the steps update while typing.
  useEffect(() => {
    let current = true;
    sign(operation.name, JSON.parse(asked) as Record<string, unknown>).then((next) => {
      if (!current) return;
      setShown(next);
      setUnsent(next);
    }, setFailure);
    return () => {
      current = false;
    };
  }, [operation.name, asked]);

  const change = (name: string, value: string) =>
    void navigate({
      to: '/explorer/$action',
      params: { action: operation.name },
      search: { ...typed, [name]: value },
      replace: true,
      resetScroll: false,
    });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      const startMs = performance.now();
      const own = await sign(operation.name, params);
      const signedMs = performance.now();
      const response = await reach(own.url, { method: 'POST', headers: own.headers });
      const headersMs = performance.now();
      const text = await response.text();
      setShown(own);
      setSent({
        status: response.status,
        text,
        signMs: signedMs - startMs,
        waitMs: headersMs - signedMs,
        readMs: performance.now() - headersMs,
      });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const call = {
    action: operation.name,
    version: operation.version,
    params: [...flattenParams(operation.name, params)],
    endpoint: location.origin,
  };
  return (
    <>
      <form className="api-form" aria-label="Parameters" onSubmit={send} noValidate>
        {operation.parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            value={typed[parameter.name] ?? ''}
            change={(value) => change(parameter.name, value)}
          />
        ))}
        {operation.parameters.length === 0 && <p className="quiet">No parameters.</p>}
        <div className="form-end">
          <button type="submit" className="primary" disabled={busy}>
            {busy ? 'Calling…' : 'Call'}
          </button>
          {operation.level !== 'Read' && operation.level !== 'List' && (
            <span className="bad">This call changes something on this server.</span>
          )}
        </div>
      </form>
      {failure !== undefined && <Failure error={failure} />}
      {sent && <ReplyView sent={sent} />}
      {shown && <SigningSteps signed={shown} />}
      <CodeSamples call={call} signed={unsent} />
    </>
  );
}

/** The parameters in the address, so that a call can be shared as a link; the instance is filled in. */
function useTyped(operation: ApiOperation): Typed {
  const search = route.useSearch() as Record<string, unknown>;
  const values = operation.parameters.map(({ name }) => {
    const fallback = name === 'InstanceId' ? currentSession().instanceId : '';
    return [name, search[name] === undefined ? fallback : textOf(search[name])] as const;
  });
  return Object.fromEntries(values);
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function sign(action: string, params: Record<string, unknown>): Promise<Signed> {
  return currentSession().client.explain(action, params);
}
