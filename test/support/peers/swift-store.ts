import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { debianFiles } from '../images/debian-packages.ts';
import { atEnd, type Scope, temporaryFolder } from '../slipway.ts';
import { freePort } from './free-port.ts';

/** A real S3 server: OpenStack Swift with its S3 API, from Debian's packages, in a folder of its own. */
export interface SwiftStore {
  endpoint: string;
  keys: { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };
  /** A file with the keys, in AWS's form. */
  keysFile: string;
  /** The vendor's own client. */
  client: S3Client;
  /** Lets the keys `slipway:reader` and `readerkey` read what is in a bucket, and not write there. */
  letRead(bucket: string): Promise<void>;
  /** Kills it. */
  crash(): Promise<void>;
  /** Starts it again, with the objects that it had. */
  start(): Promise<void>;
}

const PACKAGES = ['swift-proxy', 'swift-account', 'swift-container', 'swift-object', 'memcached', 'python3'];
const BACK_SERVERS = ['account', 'container', 'object'] as const;
const READY_LIMIT_MS = 120_000;
const TOLD_CHARS = 4000;

/** Starts it on loopback until the scope ends; needs root. */
export async function startSwift(t: Scope): Promise<SwiftStore> {
  const { swift } = await debianFiles({ swift: PACKAGES });
  const root = temporaryFolder(t);
  execFileSync('tar', ['-C', root, '-xf', swift]);
  for (const [name, minor] of Object.entries({ null: '3', zero: '5', urandom: '9', random: '8' }))
    execFileSync('mknod', ['-m', '666', join(root, 'dev', name), 'c', '1', minor]);
  for (const folder of ['srv/own/srv/sdb1', 'srv/own/cache', 'etc/swift', 'dev/shm'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  writeFileSync(join(root, 'etc/swift/swift.conf'), '[swift-hash]\nswift_hash_path_suffix = of-a-test\n');
  const ports = Object.fromEntries(
    await Promise.all([...BACK_SERVERS, 'proxy', 'memcached'].map(async (name) => [name, await freePort()] as const)),
  );
  let failure: string | undefined;
  const running = new Set<ChildProcess>();
  const run = (...command: string[]) => {
    const inOwnMounts = ['unshare', '--mount', 'sh', '-c', IN_ROOT, 'in-root', root, ...command];
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...inOwnMounts], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: ENVIRONMENT,
    });
    running.add(child);
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told = `${told}${chunk.toString()}`.slice(-TOLD_CHARS);
    });
    child.once('exit', () => {
      running.delete(child);
      failure ??= `${command.join(' ')} ended: ${told}`;
    });
  };
  const stop = async (signal: NodeJS.Signals) => {
    // The proxy before those behind it: without them it would say that objects are not there.
    const children = [...running].reverse();
    const ended = children.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of children) child.kill(signal);
    await Promise.all(ended);
  };
  atEnd(t, () => stop('SIGTERM'));
  const rings = BACK_SERVERS.flatMap((name) =>
    ['create 4 1 0', `add r1z1-127.0.0.1:${ports[name]}/sdb1 1`, 'rebalance'].map(
      (command) => `/srv/own/${name}.builder ${command}`,
    ),
  );
  execFileSync('chroot', [root, 'python3', '-c', BUILD_RINGS, ...rings], { env: ENVIRONMENT });
  for (const name of BACK_SERVERS)
    writeFileSync(join(root, `srv/own/${name}.conf`), backServer(name, ports[name] ?? 0));
  writeFileSync(join(root, 'srv/own/proxy.conf'), proxyServer(ports.proxy ?? 0, ports.memcached ?? 0));
  const endpoint = `http://127.0.0.1:${ports.proxy}`;
  const start = async () => {
    failure = undefined;
    const serve = (name: string) => run('python3', `/usr/bin/swift-${name}-server`, `/srv/own/${name}.conf`);
    run('memcached', '-u', 'root', '-l', '127.0.0.1', '-p', String(ports.memcached), '-m', '16');
    for (const name of BACK_SERVERS) serve(name);
    const ready = (urls: readonly string[]) => untilReady(urls, () => failure);
    // The proxy comes last: it asks no server for a minute that did not answer ten times.
    await ready(BACK_SERVERS.map((name) => `http://127.0.0.1:${ports[name]}`));
    // Parts of which the container server did not hear before a crash would be in no listing.
    const updater = ['/usr/bin/swift-object-updater', '/srv/own/object.conf', '--once'];
    await promisify(execFile)('chroot', [root, 'python3', ...updater], { env: ENVIRONMENT });
    serve('proxy');
    await ready([`${endpoint}/healthcheck`]);
  };
  await start();
  const keysFile = join(temporaryFolder(t), 'credentials');
  const keys = { AWS_ACCESS_KEY_ID: 'slipway:slipway', AWS_SECRET_ACCESS_KEY: 'secretkey' };
  writeFileSync(
    keysFile,
    `[default]\naws_access_key_id = ${keys.AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${keys.AWS_SECRET_ACCESS_KEY}\n`,
  );
  const credentials = { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  atEnd(t, () => client.destroy());
  const letRead = async (bucket: string) => {
    const user = { 'x-auth-user': keys.AWS_ACCESS_KEY_ID, 'x-auth-key': keys.AWS_SECRET_ACCESS_KEY };
    const { headers } = await fetch(`${endpoint}/auth/v1.0`, { headers: user });
    const token = { 'x-auth-token': headers.get('x-auth-token') ?? '' };
    const url = `${headers.get('x-storage-url')}/${bucket}`;
    const changed = await fetch(url, { method: 'POST', headers: { ...token, 'x-container-read': 'slipway:reader' } });
    if (!changed.ok) throw new Error(`Swift answered ${changed.status}`);
  };
  return { endpoint, keys, keysFile, client, letRead, crash: () => stop('SIGKILL'), start };
}

/** With a /proc that ends with the process: Swift gives a file its name through /proc/self/fd. */
const IN_ROOT = 'mount -t proc proc "$1/proc" && exec chroot "$@"';
/** What `swift-ring-builder` does with each argument, in one process. */
const BUILD_RINGS = `
import sys
from swift.cli.ringbuilder import main
for line in sys.argv[1:]:
    try:
        main(['swift-ring-builder', *line.split()])
    except SystemExit as ended:
        if ended.code:
            raise
`;
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };

/** With the limits that it has otherwise, Swift on a busy machine says that a bucket is not there, or leaves a part out of a listing. */
const PATIENCE = ['conn_timeout', 'node_timeout', 'container_update_timeout'].map((name) => `${name} = 60\n`).join('');

const head = (port: number) =>
  `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\nuser = root\nswift_dir = /srv/own\ndevices = /srv/own/srv\nmount_check = false\nworkers = 0\nfallocate_reserve = 0\nlog_address = /dev/null\nrecon_cache_path = /srv/own/cache\n${PATIENCE}`;

function backServer(name: string, port: number): string {
  return `${head(port)}[pipeline:main]\npipeline = ${name}-server\n[app:${name}-server]\nuse = egg:swift#${name}\n[${name}-updater]\n`;
}

const MIDDLE =
  'catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink'.split(
    ' ',
  );

const EGGS: Record<string, string> = { cache: 'memcache' };

function proxyServer(port: number, memcached: number): string {
  const more: Record<string, string> = {
    s3api: 'location = us-east-1\ns3_acl = false\n',
    tempauth: 'user_slipway_slipway = secretkey .admin\nuser_slipway_reader = readerkey\n',
    cache: `memcache_servers = 127.0.0.1:${memcached}\n`,
    versioned_writes: 'allow_versioned_writes = true\n',
  };
  const filters = MIDDLE.map(
    (name) => `[filter:${name}]\nuse = egg:swift#${EGGS[name] ?? name}\n${more[name] ?? ''}`,
  ).join('');
  return `${head(port)}[pipeline:main]\npipeline = ${MIDDLE.join(' ')} proxy-server\n[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n${filters}`;
}

/** Waits until something answers at all of these addresses. */
async function untilReady(urls: readonly string[], failed: () => string | undefined): Promise<void> {
  const endMs = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const answers = await Promise.allSettled(urls.map((url) => fetch(url)));
    if (answers.every(({ status }) => status === 'fulfilled')) return;
    const failure = failed();
    if (failure !== undefined || performance.now() > endMs) throw new Error(failure ?? 'Swift did not start');
    await sleep(100);
  }
}
