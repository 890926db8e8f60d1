import { counted } from '@slipway/client/counted.ts';
import { useQuery } from '@tanstack/react-query';
import { buildsNothing } from '../../api/readiness.ts';
import { machineQuery, readinessQuery, spaceQuery } from '../../api/system-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { formatBytes } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { BuildsOfServer } from './BuildsOfServer.tsx';
import { Settings } from './Settings.tsx';
import '../../styles/access.css';

/** The machine of this server: whether it can build, what may become a problem, versions, limits and disk. */
export function SystemPage() {
  return (
    <main>
      <PageTitle parts={['System']} />
      <div className="page-head">
        <h1>System</h1>
        <span className="quiet">the machine of this server, as slipway doctor and slipway df show it</span>
      </div>
      <Nodes />
      <Readiness />
      <BuildsOfServer />
      <Machine />
      <Space />
      <Settings />
    </main>
  );
}

/** A server has one machine. The sections below say why it is not shown. */
function Nodes() {
  const { data } = useQuery(machineQuery());
  if (data === undefined) return null;
  const { Host: host, Limits: limits } = data;
  const available = limits.AvailableMemoryBytes;
  return (
    <section aria-labelledby="nodes">
      <h2 id="nodes">Nodes</h2>
      <p>
        This server is one machine: <strong>{host.Name}</strong>, {counted(host.Processors, 'processor')},{' '}
        {formatBytes(limits.MemoryBytes)} of memory
        {available !== undefined && `, ${formatBytes(available)} of it available`}.
      </p>
    </section>
  );
}

function Readiness() {
  const { data, error } = useQuery(readinessQuery());
  const platforms = [...(data?.Platforms?.Native ?? []), ...(data?.Platforms?.Emulated ?? [])];
  return (
    <section aria-labelledby="readiness">
      <h2 id="readiness">Readiness</h2>
      {error && <Failure error={error} />}
      {data?.Problems.length === 0 &&
        (buildsNothing(data) ? (
          <p className="quiet">This server runs no builds.</p>
        ) : (
          <p className="good">✓ This machine can build.</p>
        ))}
      {data?.Platforms?.Refusal !== undefined && (
        <p className="quiet">
          {buildsNothing(data) ? 'Why' : 'Not every platform'}: {data.Platforms.Refusal}.
        </p>
      )}
      {data?.Problems.map((problem) => (
        <p key={problem} className="bad">
          ✕ {problem}
        </p>
      ))}
      {platforms.length > 0 && <p className="quiet">Platforms: {platforms.join(', ')}</p>}
    </section>
  );
}

function Machine() {
  const { data, error } = useQuery(machineQuery());
  return (
    <section aria-labelledby="machine">
      <h2 id="machine">Machine</h2>
      {error && <Failure error={error} />}
      {data && (
        <>
          {data.Findings.length === 0 && <p className="good">✓ Nothing that may become a problem.</p>}
          {data.Findings.map(({ What, Fix }) => (
            <p key={What}>
              <span className="warn">! {What}</span>
              <br />
              Fix: {Fix}
            </p>
          ))}
          <dl className="facts">
            {Object.entries(data.Versions).map(([name, version]) => (
              <Fact key={name} name={name}>
                {version}
              </Fact>
            ))}
            <Fact name="Disk">
              {formatBytes(data.Disk.FreeBytes)} of {formatBytes(data.Disk.SizeBytes)} free
            </Fact>
          </dl>
        </>
      )}
    </section>
  );
}

function Space() {
  const { data, error } = useQuery(spaceQuery());
  return (
    <section aria-labelledby="disk">
      <h2 id="disk">Disk of the data folder</h2>
      {error && <Failure error={error} />}
      {data && (
        <table className="grid" aria-label="Disk">
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col">Size</th>
              <th scope="col" className="wide">
                Can be freed
              </th>
            </tr>
          </thead>
          <tbody>
            {data.Parts.map(({ Part, SizeBytes, ReclaimableBytes }) => (
              <tr key={Part}>
                <td>{Part}</td>
                <td>{formatBytes(SizeBytes)}</td>
                <td className="wide quiet">{ReclaimableBytes === 0 ? '–' : formatBytes(ReclaimableBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
