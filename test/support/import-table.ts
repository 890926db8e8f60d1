/*
 * Which folder may import which: for each root, its folders and what they import beside themselves, `.` being the files in the
 * root. The architecture test holds the sources to it, and the table to the sources: an edge that nobody uses has to go. Where it
 * says nothing of a root's folders, any import is good.
 */

/** The nouns from left to right: each may use those before it. */
export const NOUNS = ['account', 'instance', 'endpoint', 'namespace', 'repository', 'image', 'source', 'build'];

/** What may import everything below its root: what opens, wires and closes. */
export const EVERYTHING = ['*'];

export const IMPORTS: Record<string, Record<string, readonly string[]>> = {
  'logbook/src': {
    '.': EVERYTHING,
    disk: [],
    format: ['disk'],
    hot: ['disk', 'format'],
    sealed: ['disk', 'format', 'hot'],
    write: ['disk', 'format', 'hot', 'sealed'],
    read: ['disk', 'format', 'hot', 'sealed', 'write'],
    search: ['format'],
  },
  'server/src': {
    '.': EVERYTHING,
    // What nothing else of the server stands under.
    address: [],
    admission: [],
    blob: [],
    db: [],
    platform: [],
    ram: [],
    audit: ['db'],
    event: ['db'],
    confined: ['program'],
    rpc: ['db', 'logbook', 'ram'],
    // The nouns.
    account: ['db', 'ram', 'rpc'],
    instance: ['account', 'db', 'rpc'],
    endpoint: ['instance', 'db', 'ram', 'rpc'],
    namespace: ['instance', 'db', 'rpc'],
    repository: ['instance', 'namespace', 'db', 'rpc'],
    image: ['instance', 'repository', 'db', 'event', 'rpc'],
    source: ['account', 'instance', 'repository', 'confined', 'db', 'rpc'],
    build: [
      ...['account', 'instance', 'namespace', 'repository', 'image', 'source'],
      ...['blob', 'confined', 'db', 'event', 'logbook', 'platform', 'ram', 'rpc'],
    ],
    log: ['build', 'admission', 'logbook', 'ram', 'rpc'],
    // What runs builds and keeps images.
    sandbox: ['address', 'platform'],
    registry: ['account', 'image', 'db', 'platform', 'program', 'ram', 'rpc'],
    runner: [
      ...['repository', 'image', 'source', 'build', 'registry', 'sandbox'],
      ...['address', 'blob', 'confined', 'db', 'logbook', 'platform', 'program'],
    ],
    // Who is asked, and how.
    signature: ['account', 'audit', 'ram', 'rpc'],
    gateway: ['signature', 'audit', 'ram', 'rpc'],
    native: [
      ...['signature', 'log', 'registry', 'account', 'repository', 'image', 'source', 'build'],
      ...['admission', 'audit', 'blob', 'confined', 'logbook', 'ram', 'rpc'],
    ],
    port: ['gateway', 'signature', 'admission', 'ram', 'rpc'],
    routes: [
      ...['port', 'native', 'signature', 'registry', 'repository', 'image', 'source', 'build'],
      ...['db', 'logbook', 'ram', 'rpc'],
    ],
    trace: ['port', 'repository', 'build', 'db', 'logbook', 'rpc'],
  },
  // The client runs as a plain user and knows the protocol alone; all else runs as root, and never meets it.
  'server/src/sandbox': {
    protocol: [],
    client: ['protocol'],
    folder: ['protocol'],
    box: ['folder', 'protocol'],
    builder: ['box', 'folder', 'protocol'],
    store: ['box', 'folder', 'protocol'],
    build: ['box', 'builder', 'folder', 'protocol', 'store'],
    helper: ['box', 'build', 'builder', 'folder', 'protocol', 'store'],
  },
  'server/src/runner': {
    '.': EVERYTHING,
    failure: [],
    mask: [],
    work: ['failure'],
    git: ['failure', 'work'],
    dockerfile: ['failure'],
    bases: ['dockerfile', 'failure', 'git', 'work'],
    output: ['dockerfile', 'mask'],
    stages: ['bases', 'dockerfile', 'failure', 'git', 'output', 'work'],
  },
  'server/src/registry': {
    '.': EVERYTHING,
    foreign: [],
    tokens: [],
    distribution: ['tokens'],
    contents: ['distribution'],
    images: ['foreign', 'tokens'],
  },
};

/** What a package imports, by the path of an import as it is written. */
export const PACKAGES: [files: RegExp, allowed: RegExp][] = [
  [/^program\/src\//, /^(node:|\.\/)/],
  [/^logbook\/src\//, /^(node:|\.\.?\/|@slipway\/program$)/],
  [/^client\/src\/(?!registry\/)/, /^\.\.?\//],
  [/^cli\/src\//, /^(?!#|@slipway\/(server|logbook|program))/],
  [/^server\/src\//, /^(?!@slipway\/(client|cli))/],
  [/^console\/src\//, /^(\.\.?\/|@slipway\/client\/|react(-dom)?(\/|$)|@tanstack\/)/],
  // Its generic parts know no API and no page.
  [/^console\/src\/ui\//, /^(\.\/|react$)/],
];

/** Files and folders that touch the machine. Everything else takes values and returns values. */
export const MACHINE = [
  'program/src/',
  'logbook/src/disk/disk.ts',
  'cli/src/',
  'server/src/config.ts',
  'server/src/data-folder.ts',
  'server/src/holders.ts',
  'server/src/own-folder.ts',
  'server/src/plain-user.ts',
  'server/src/root-account.ts',
  'server/src/runner-wiring.ts',
  'server/src/secret-key.ts',
  'server/src/tls-files.ts',
  'server/src/trusted-authorities.ts',
  'server/src/version.ts',
  'server/src/address/address.ts',
  'server/src/audit/nonce-folder.ts',
  'server/src/blob/disk.ts',
  'server/src/confined/confined-work.ts',
  'server/src/db/sqlite-connection.ts',
  'server/src/gateway/answer-malformed.ts',
  'server/src/gateway/load-operations.ts',
  'server/src/native/host-check.ts',
  'server/src/native/replies/log-download.ts',
  'server/src/port/port.ts',
  'server/src/registry/distribution/',
  'server/src/registry/foreign/',
  'server/src/registry/images/',
  'server/src/registry/tokens/signing-key.ts',
  'server/src/routes/console-routes.ts',
  'server/src/runner/bases/base-images.ts',
  'server/src/runner/disk-reserve.ts',
  'server/src/runner/git/',
  'server/src/runner/stages/fetch-contexts.ts',
  'server/src/runner/work/',
  'server/src/sandbox/box/',
  'server/src/sandbox/build/',
  'server/src/sandbox/builder/',
  'server/src/sandbox/client/',
  'server/src/sandbox/folder/',
  'server/src/sandbox/helper/',
  'server/src/sandbox/store/',
];
