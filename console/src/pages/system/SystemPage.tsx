import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { useQuery } from '@tanstack/react-query';
import { buildsNothing, type Readiness } from '../../api/readiness.ts';
import { machineQuery, readinessQuery, spaceQuery } from '../../api/system-queries.ts';
import { isDenied } from '../../failure/api-failure.ts';
import { Failure } from '../../failure/Failure.tsx';
import { formatBytes } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Backup } from './Backup.tsx';
import { BuildsOfServer } from './BuildsOfServer.tsx';
import { ServerPart } from './ServerPart.tsx';
import { Settings } from './Settings.tsx';
import '../../styles/administer.css';

/** The machine of this server: whether it can build, what may become a problem, versions, disk and settings. */
export function SystemPage() {
  return (
    <main>
      <PageTitle parts={['System']} />
      <div className="page-head">
        <h1>System</h1>
        <span className="quiet">the machine of this server, as slipway doctor and slipway df show it</span>
      </div>
      <Nodes />
      <ServerPart id="readiness" title="Readiness" query={readinessQuery()} lines={2}>
        {Ready}
      </ServerPart>
      <MachineParts />
      <Settings />
    </main>
  );
}

/** What one right lets somebody see: who lacks it is told once. */
function MachineParts() {
  const { data, error } = useQuery(machineQuery());
  if (data === undefined && isDenied(error))
    return (
      <section aria-labelledby="machine">
        <h2 id="machine">Machine, builds, backup and disk</h2>
        <Failure error={error} />
      </section>
    );
  return (
    <>
      <BuildsOfServer />
      <Backup />
      <ServerPart id="machine" title="Machine" query={machineQuery()} lines={6}>
        {Machine}
      </ServerPart>
      <ServerPart id="disk" title="Disk of the data folder" query={spaceQuery()} lines={8}>
        {Space}
      </ServerPart>
    </>
  );
}

/** A server has one machine. The parts below say why it is not shown. */
function Nodes() {
  const { data, error } = useQuery(machineQuery());
  if (error && data === undefined) return null;
  return (
    <section aria-labelledby="nodes">
      <h2 id="nodes">Nodes</h2>
      {data === undefined ? <Skeleton lines={1} of="nodes" /> : <Node {...data} />}
    </section>
  );
}

function Node({ Host: host, Limits: limits }: NativeCalls['getMachine']['reply']) {
  const available = limits.AvailableMemoryBytes;
  return (
    <p>
      This server is one machine: <strong>{host.Name}</strong>, {counted(host.Processors, 'processor')},{' '}
      {formatBytes(limits.MemoryBytes)} of memory
      {available !== undefined && `, ${formatBytes(available)} of it available`}.
    </p>
  );
}

function Ready(data: Readiness) {
  const { Native: native = [], Emulated: emulated = [], Refusal: refusal } = data.Platforms ?? {};
  const platforms = [...native, ...emulated];
  const buildsNone = buildsNothing(data);
  return (
    <>
      {data.Problems.length === 0 &&
        (buildsNone ? (
          <p className="quiet">This server runs no builds.</p>
        ) : (
          <p className="good">✓ This machine can build.</p>
        ))}
      {refusal !== undefined && (
        <p className="quiet">
          {buildsNone ? 'Why' : 'Not every platform'}: {refusal}.
        </p>
      )}
      {data.Problems.map((problem) => (
        <p key={problem} className="bad">
          ✕ {problem}
        </p>
      ))}
      {platforms.length > 0 && <p className="quiet">Platforms: {platforms.join(', ')}</p>}
    </>
  );
}

function Machine({ Findings: findings, Versions: versions, Disk: disk }: NativeCalls['getMachine']['reply']) {
  return (
    <>
      {findings.length === 0 && <p className="good">✓ Nothing that may become a problem.</p>}
      {findings.map(({ What, Fix }) => (
        <p key={What}>
          <span className="warn">! {What}</span>
          <br />
          Fix: {Fix}
        </p>
      ))}
      <dl className="facts">
        {Object.entries(versions).map(([name, version]) => (
          <Fact key={name} name={name}>
            {version}
          </Fact>
        ))}
        <Fact name="Disk">
          {formatBytes(disk.FreeBytes)} of {formatBytes(disk.SizeBytes)} free
        </Fact>
      </dl>
    </>
  );
}

function Space({ Parts: parts, Stored: stored }: NativeCalls['getSpace']['reply']) {
  return (
    <>
      <Parts parts={parts} name="Disk" />
      {stored !== undefined && (
        <>
          <h3>Bucket and PostgreSQL</h3>
          <Parts parts={stored} name="Bucket and PostgreSQL" />
        </>
      )}
    </>
  );
}

interface PartsProps {
  parts: readonly { Part: string; SizeBytes: number; ReclaimableBytes: number }[];
  name: string;
}

function Parts({ parts, name }: PartsProps) {
  return (
    <table className="grid" aria-label={name}>
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
        {parts.map(({ Part, SizeBytes, ReclaimableBytes }) => (
          <tr key={Part}>
            <td>{Part}</td>
            <td>{formatBytes(SizeBytes)}</td>
            <td className="wide quiet">{ReclaimableBytes === 0 ? '–' : formatBytes(ReclaimableBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
