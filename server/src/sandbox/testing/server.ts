/** For tests: a process that starts a helper as a server does, and waits. Prints `ready`, then may be killed. */
import { startHelper } from '../client/start-helper.ts';

const [dataFolder = '', ownerUid = '', ownerGid = ''] = process.argv.slice(2);
await startHelper({
  dataFolder,
  socketPath: `${dataFolder}/helper.sock`,
  ownerUid: Number(ownerUid),
  ownerGid: Number(ownerGid),
});
process.stdout.write('ready\n');
