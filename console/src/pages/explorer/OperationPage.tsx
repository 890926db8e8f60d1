import { getRouteApi } from '@tanstack/react-router';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { CallPanel } from './CallPanel.tsx';
import type { ApiOperation } from './operation.ts';
import { errorCodes, operations } from './operations.gen.ts';

const route = getRouteApi('/explorer/$action');

/** An operation: its parameters, permission, reply and errors, and a form that calls it. */
export function OperationPage() {
  const { action } = route.useParams();
  const operation = operations.find(({ name }) => name === action);
  return (
    <main className="operation">
      <PageTitle parts={[action, 'API']} />
      {operation === undefined ? (
        <h1>There is no operation {action}</h1>
      ) : (
        <>
          <h1>{operation.name}</h1>
          <p>
            {operation.summary}
            {operation.refusal !== undefined && <strong> Not offered: {operation.refusal}</strong>}
            {!operation.built && operation.refusal === undefined && (
              <strong> Not built yet: calls answer NotImplemented.</strong>
            )}
          </p>
          <Authorization operation={operation} />
          {/* Each operation has its own form: values typed for another one are not kept. */}
          <CallPanel key={operation.name} operation={operation} />
          <Reply operation={operation} />
          <Errors operation={operation} />
        </>
      )}
    </main>
  );
}

function Authorization({ operation }: { operation: ApiOperation }) {
  return (
    <dl className="facts">
      <div>
        <dt>RAM action</dt>
        <dd>
          <code>{operation.action}</code>
        </dd>
      </div>
      <div>
        <dt>Level</dt>
        <dd>{operation.level}</dd>
      </div>
      <div>
        <dt>Resource</dt>
        <dd>
          <code>{operation.resource}</code>
        </dd>
      </div>
      <div>
        <dt>Product and version</dt>
        <dd>
          <code>
            {operation.product} {operation.version}
          </code>
        </dd>
      </div>
      {operation.open && (
        <div>
          <dt>Permission</dt>
          <dd>none needed, but a Deny statement applies</dd>
        </div>
      )}
    </dl>
  );
}

function Reply({ operation }: { operation: ApiOperation }) {
  return (
    <details>
      <summary>Reply</summary>
      <table className="builds" aria-label="Reply">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {operation.reply.map(([path, type, meaning]) => (
            <tr key={path}>
              <td>
                <code>{path}</code>
              </td>
              <td>{type}</td>
              <td className="image">{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Errors({ operation }: { operation: ApiOperation }) {
  return (
    <details>
      <summary>Errors</summary>
      <table className="builds" aria-label="Errors">
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Status</th>
            <th scope="col">Message and fix</th>
          </tr>
        </thead>
        <tbody>
          {operation.errors.map((code) => (
            <tr key={code}>
              <td>
                <code>{code}</code>
              </td>
              <td>{errorCodes[code]?.status}</td>
              <td className="image">
                {errorCodes[code]?.message}
                <span className="reason">{errorCodes[code]?.fix}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">Every call can also fail with the error codes of signatures, times and nonces.</p>
    </details>
  );
}
