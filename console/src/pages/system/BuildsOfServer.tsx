import { counted } from '@slipway/client/counted.ts';
import { machineQuery } from '../../api/system-queries.ts';
import { Command } from '../../ui/Command.tsx';
import { Fact } from '../../ui/Fact.tsx';
import { ServerPart } from './ServerPart.tsx';

/** How many builds run and wait, and whether they are held, with the command that changes it. */
export function BuildsOfServer() {
  return (
    <ServerPart id="builds" title="Builds" query={machineQuery()} lines={4}>
      {({ Builds: { Running, Waiting, Slots, Paused, WaitReason } }) => (
        <>
          <State slots={Slots} reason={WaitReason} />
          <dl className="facts">
            <Fact name="Running">{Running}</Fact>
            <Fact name="Waiting">{Waiting}</Fact>
            <Fact name="At once">{Slots === 0 ? 'none' : `up to ${counted(Slots, 'build')}`}</Fact>
          </dl>
          <PauseCommand paused={Paused} />
        </>
      )}
    </ServerPart>
  );
}

function State({ slots, reason }: { slots: number; reason: string | undefined }) {
  if (reason !== undefined) return <p className="warn">‖ Builds are held: {reason}.</p>;
  if (slots === 0) return <p className="quiet">This server has the role api and runs no builds.</p>;
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
