import { counted } from '@slipway/client/counted.ts';
import { useQuery } from '@tanstack/react-query';
import { machineQuery } from '../../api/system-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Command } from '../../ui/Command.tsx';
import { Fact } from '../../ui/Fact.tsx';

/** How many builds run and wait, and whether they are held, with the command that changes it. */
export function BuildsOfServer() {
  const { data, error } = useQuery(machineQuery());
  return (
    <section aria-labelledby="builds">
      <h2 id="builds">Builds</h2>
      {error && <Failure error={error} />}
      {data && (
        <>
          <State {...data.Builds} />
          <dl className="facts">
            <Fact name="Running">{data.Builds.Running}</Fact>
            <Fact name="Waiting">{data.Builds.Waiting}</Fact>
            <Fact name="At once">
              {data.Builds.Slots === 0 ? 'none' : `up to ${counted(data.Builds.Slots, 'build')}`}
            </Fact>
          </dl>
          <PauseCommand paused={data.Builds.Paused} />
        </>
      )}
    </section>
  );
}

function State({ Slots: slots, WaitReason: reason }: { Slots: number; WaitReason?: string | undefined }) {
  if (reason !== undefined) return <p className="warn">‖ Builds are held: {reason}.</p>;
  if (slots === 0) return <p className="quiet">This server was started with --no-builds and runs no builds.</p>;
  return <p className="good">✓ Builds start when they are requested.</p>;
}

/** Only a command can do it: it works on the data folder, also while no server runs. */
function PauseCommand({ paused }: { paused: boolean }) {
  const what = paused ? 'To continue' : 'To let no new build and no job start';
  return (
    <Command
      label={`${what}, run this on the server’s machine with its data folder:`}
      text={`slipway ${paused ? 'resume' : 'pause'} --data FOLDER`}
    />
  );
}
