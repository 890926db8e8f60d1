import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import type { ApiOperation } from './operation.ts';
import { operations } from './operations.gen.ts';

const PRODUCTS = [
  ['cr', 'Container Registry'],
  ['ram', 'Resource Access Management'],
  ['sts', 'Security Token Service'],
  ['ims', 'Identity Management Service'],
] as const;

/** Every operation of the API: whether this server has it, and its RAM action. */
export function CoveragePage() {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = operations.filter(({ name, action, summary }) =>
    `${name} ${action} ${summary}`.toLowerCase().includes(wanted),
  );
  return (
    <main className="coverage">
      <PageTitle parts={['API']} />
      <div className="page-head">
        <h1>API explorer</h1>
        <span className="gap" />
        <search>
          <input
            type="search"
            aria-label="Find an operation"
            placeholder="Find an operation"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </search>
      </div>
      {found.length === 0 && <Empty>No operation has “{text.trim()}” in its name, RAM action or summary.</Empty>}
      {PRODUCTS.map(([product, title]) => (
        <Product key={product} title={title} found={found.filter((operation) => operation.product === product)} />
      ))}
    </main>
  );
}

function Product({ title, found }: { title: string; found: readonly ApiOperation[] }) {
  if (found.length === 0) return null;
  const built = found.filter((operation) => operation.built).length;
  // Operations that can be called come first.
  const shown = found.toSorted((one, other) => Number(other.built) - Number(one.built));
  return (
    <section>
      <h2>
        {title}{' '}
        <span className="quiet">
          {built} of {found.length} built
        </span>
      </h2>
      <table className="builds operations" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Built</th>
            <th scope="col">RAM action</th>
            <th scope="col">Level</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, summary, built: isBuilt, refusal, action, level }) => (
            <tr key={name}>
              <td className="image">
                <Link to="/explorer/$action" params={{ action: name }}>
                  {name}
                </Link>
                <span className="reason">{summary}</span>
              </td>
              <td className={isBuilt ? 'good' : 'quiet'}>
                {isBuilt ? 'yes' : refusal === undefined ? 'not yet' : 'refused'}
              </td>
              <td>
                <code>{action}</code>
              </td>
              <td>{level}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
