import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { machineQuery } from '../../api/system-queries.ts';
import { Ago } from '../../ui/Ago.tsx';
import { Command } from '../../ui/Command.tsx';
import { formatBytes } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { ServerPart } from './ServerPart.tsx';

type Machine = NativeCalls['getMachine']['reply'];
type LastBackup = NonNullable<Machine['LastBackup']>;

/** When and where the data folder was last backed up, and whether somebody verified that backup. */
export function Backup() {
  return (
    <ServerPart id="backup" title="Backup" query={machineQuery()} lines={3}>
      {(machine) => <Made {...machine} />}
    </ServerPart>
  );
}

function Made({ Database, LastBackup: last }: Machine) {
  if (Database === 'PostgreSQL')
    return (
      <p>
        The records are in PostgreSQL, and images and logs in a bucket. Back up both with their own tools:{' '}
        <a href="/docs/fleet#backup-and-restore">Backup and restore</a>
      </p>
    );
  if (last !== undefined) return <Last {...last} />;
  return (
    <>
      <p className="warn">! The data folder was never backed up.</p>
      <Command
        label="To back it up while the server runs, run this on the server’s machine, for example each night:"
        text="slipway backup /backups/slipway --data FOLDER --keep 14"
      />
    </>
  );
}

function Last(last: LastBackup) {
  return (
    <>
      <Verified {...last} />
      {last.Problems > 0 && (
        <p className="bad">
          ✕ {counted(last.Problems, 'file')} of the data folder {last.Problems === 1 ? 'was' : 'were'} missing or
          damaged. <code>slipway check</code> lists them.
        </p>
      )}
      <dl className="facts">
        <Fact name="Last backup">
          <Ago at={last.Time} />
        </Fact>
        <Fact name="Place">
          <code>{last.Place}</code>
        </Fact>
        <Fact name="Size">
          {formatBytes(last.SizeBytes)} in {counted(last.Files, 'file')}
        </Fact>
      </dl>
    </>
  );
}

function Verified({ VerifyTime: timeMs, VerifyProblems: problems = 0, Place: place }: LastBackup) {
  if (timeMs === undefined)
    return (
      <Command
        label="Nobody has verified the last backup. This reads all of it, on the server’s machine:"
        text={`slipway backup verify ${place} --data FOLDER`}
      />
    );
  return problems === 0 ? (
    <p className="good">
      ✓ The last backup was verified <Ago at={timeMs} />, and is sound.
    </p>
  ) : (
    <p className="bad">
      ✕ The last backup is damaged: it was verified <Ago at={timeMs} />, with {counted(problems, 'problem')}.
    </p>
  );
}
