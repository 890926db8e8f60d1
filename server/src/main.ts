import { flushCompileCache } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readAuthorities } from '#certificates/trusted-authorities.ts';
import { type DataFolder, DataFolderTaken, lockDataFolder, prepareDataFolder } from '#data-folder/data-folder.ts';
import { openMemoryFolder } from '#data-folder/memory-folder.ts';
import { openNodeId } from '#data-folder/node-id.ts';
import { RootFile } from '#data-folder/root-file.ts';
import { openSecretKey } from '#data-folder/secret-key.ts';
import { loadOperations } from '#gateway/load-operations.ts';
import { ExitError } from '#process/exit-error.ts';
import { fail, nameDataFolder } from '#process/fail.ts';
import { Holders } from '#process/holders.ts';
import { notifyReady } from '#process/notify-ready.ts';
import { dropPrivileges, findPlainUser } from '#process/plain-user.ts';
import { targetSecret } from '#replication/target-settings.ts';
import { readBucketKeys } from '#settings/bucket-keys.ts';
import { journalStream, readinessSocket, readSettings } from '#settings/config.ts';
import { headerSecrets } from '#settings/header-secrets.ts';
import { readPassword } from '#settings/password-file.ts';
import { readDatabase } from '#settings/read-database.ts';
import { MEMORY } from '#settings/setting-kinds.ts';
import { settingsHelp } from '#settings/settings-help.ts';
import { shownSettings } from '#settings/shown-settings.ts';
import { readProviders } from '#settings/subscription-providers.ts';
import { readSyncTargets } from '#settings/sync-targets.ts';
import { loadDatabase } from '#wiring/database.ts';
import { startSandboxHelper } from '#wiring/helper.ts';
import { openPort } from '#wiring/port.ts';
import { openServer } from './server.ts';
import { beginLife } from './server-life.ts';
import { isJournal } from './server-log/journal.ts';
import { OutageLog } from './server-log/outage-log.ts';
import { ServerLog } from './server-log/server-log.ts';

/**
 * `slipway serve`: opens what needs root, becomes a plain user, and wires the server. Prints one line on standard
 * output when ready, and its log on standard error.
 */
async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(settingsHelp());
    return;
  }
  const read = readSettings(argv);
  // Every user of the machine can read the flags of a process.
  if (read.config.database?.password !== undefined) process.title = 'slipway serve';
  const memory = read.config.data === MEMORY ? openMemoryFolder() : undefined;
  // A file system in memory may be small, and has no layer caches to remove.
  const config = memory === undefined ? read.config : { ...read.config, data: memory.folder, 'disk-low-mebibytes': 0 };
  const format = config['log-format'];
  const serverLog = new ServerLog(pino.destination(STDERR), { format, journal: isJournal(STDERR, journalStream()) });
  process.once('exit', () => serverLog.flush());
  const level = config['log-level'] ?? (config.embedded ? 'warn' : 'info');
  const host = hostname();
  const outages = new OutageLog();
  const logger = pino({ level, base: { host }, hooks: outages.hooks }, serverLog);
  const user = findPlainUser(config.user);
  // What is made here is for the plain user too, or has a mode of its own.
  if (process.getuid?.() === 0) process.umask(0o022);
  nameDataFolder(config.data);
  const folder = prepareDataFolder(config.data, user);
  nameDataFolder(config.data, folder.reachable);
  const lock = lockOrLeave(folder, config.embedded);
  const authorities = readAuthorities(config['trusted-ca-file']);
  const syncTargets = readSyncTargets(config['sync-targets-file']);
  const providers = readProviders(config['subscription-providers-file']);
  const mailPassword = readPassword('smtp-password-file', config['smtp-password-file']);
  const database = readDatabase(config);
  const bucketKeys = readBucketKeys(config);
  const { port, watchCertificate } = await openPort(config);
  const rootFile = RootFile.open(config.data, { RegionId: config['region-id'], Endpoint: port.url });
  const keepOut = (secret: string) => serverLog.keepOut(secret);
  for (const target of syncTargets) keepOut(targetSecret(target));
  for (const { login } of providers) if (login !== undefined) keepOut(login.password);
  if (mailPassword !== undefined) keepOut(mailPassword);
  if (database?.password !== undefined) keepOut(database.password);
  if (bucketKeys !== undefined) keepOut(bucketKeys.secretAccessKey);
  for (const secret of headerSecrets(config['scanner-authorization'] ?? '')) keepOut(secret);
  const nodeId = openNodeId(config.data);
  const secretKeyFile = config['secret-key-file'] ?? join(config.data, 'secret.key');
  const secretKey = openSecretKey(secretKeyFile, user);
  // What is in progress is not ended in order: that would write to a database that is another server's now.
  const onTaken = (message: string) => {
    logger.fatal(message);
    process.exit(4);
  };
  const [openDatabase, operations, helper] = await Promise.all([
    loadDatabase({ folder, database, nodeId, host, logger, outages, onTaken }),
    loadOperations(),
    config.role === 'api' ? undefined : startSandboxHelper(config, folder.helperSocket.root, user),
  ]);
  // What was compiled so far is kept for the next start while that may still be written: the plain user may not.
  flushCompileCache();
  dropPrivileges(user);
  const holders = await Holders.listen(folder.holdersSocket);
  watchCertificate(logger);
  const portCloses = () => holders.end();
  const opened = {
    config,
    settings: shownSettings(read.given, config),
    logger,
    keepOut,
    folder,
    port,
    portCloses,
    rootFile,
    nodeId,
    authorities,
    syncTargets,
    providers,
    mailPassword,
    secretKey,
    secretKeyFile,
    openDatabase,
    bucketKeys,
    operations,
  };
  const server = await openServer(opened);
  const { url } = port;
  const { embedded } = config;
  const drainMs = config['drain-seconds'] * 1000;
  beginLife({ server, helper, lock, memory, holders, logger, url, nodeId, embedded, drainMs, onFault: fail });
  const waiting = readinessSocket();
  if (waiting !== undefined)
    await notifyReady(waiting).catch((error: unknown) =>
      logger.error({ err: error }, 'systemd was not told that the server is ready'),
    );
}

const STDERR = 2;
// The exit code that tells the command which started it (cli/src/server/embedded-server.ts).
const TAKEN_EXIT_CODE = 75;

/**
 * If the data folder already has a server, an embedded server leaves the message to its command, which connects to that
 * server.
 */
function lockOrLeave(folder: DataFolder, embedded: boolean): Disposable {
  try {
    return lockDataFolder(folder);
  } catch (error) {
    if (embedded && error instanceof DataFolderTaken) process.exit(TAKEN_EXIT_CODE);
    throw error;
  }
}

const [, , command, ...argv] = process.argv;
if (command !== 'serve')
  fail(new ExitError(2, `unknown command ${JSON.stringify(command ?? '')}; usage: slipway serve`));
await main(argv).catch(fail);
