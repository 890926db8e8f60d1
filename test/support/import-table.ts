/*
 * Which folder may import which: for each root, its folders and what each imports in addition to itself; `.` means the
 * files in the root. The architecture test checks the sources against the table, and the table against the sources: an
 * unused edge must be removed. Roots that the table lacks may import anything.
 */

/** The nouns from left to right: each may use those to its left. */
export const NOUNS = [
  'account',
  'instance',
  'endpoint',
  'namespace',
  'chart',
  'repository',
  'image',
  'trigger',
  'event-rule',
  'lifecycle',
  'scan',
  'sync',
  'acceleration',
  'source',
  'build',
];

/** Files that may import everything below their root: they open, wire and close. */
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
    // The base: these import nothing else of the server.
    address: [],
    admission: [],
    blob: [],
    db: [],
    platform: [],
    ram: [],
    tar: [],
    audit: ['db'],
    event: ['db'],
    job: ['db'],
    confined: ['program'],
    rpc: ['db', 'logbook', 'ram'],
    delivery: ['db', 'rpc'],
    // The nouns.
    account: ['db', 'ram', 'rpc'],
    instance: ['account', 'db', 'rpc'],
    endpoint: ['instance', 'db', 'ram', 'rpc'],
    namespace: ['instance', 'db', 'rpc'],
    chart: ['instance', 'endpoint', 'namespace', 'blob', 'confined', 'db', 'rpc', 'tar'],
    repository: ['instance', 'endpoint', 'namespace', 'chart', 'db', 'rpc'],
    image: ['instance', 'repository', 'db', 'event', 'rpc'],
    lifecycle: ['instance', 'namespace', 'repository', 'image', 'db', 'job', 'rpc'],
    scan: ['instance', 'namespace', 'repository', 'image', 'confined', 'db', 'event', 'job', 'rpc'],
    'event-rule': ['instance', 'repository', 'image', 'db', 'delivery', 'event', 'rpc'],
    trigger: ['instance', 'repository', 'db', 'delivery', 'event', 'rpc'],
    sync: ['instance', 'namespace', 'repository', 'image', 'db', 'event', 'job', 'rpc'],
    acceleration: ['instance', 'repository', 'db', 'event', 'job', 'rpc'],
    source: ['account', 'instance', 'repository', 'confined', 'db', 'rpc'],
    build: [
      ...['account', 'instance', 'namespace', 'repository', 'image', 'lifecycle', 'scan', 'acceleration', 'source'],
      ...['blob', 'confined', 'db', 'event', 'logbook', 'platform', 'ram', 'rpc'],
    ],
    log: ['build', 'admission', 'logbook', 'ram', 'rpc'],
    // Running builds and storing images.
    sandbox: ['address', 'platform'],
    registry: ['account', 'image', 'db', 'platform', 'program', 'ram', 'rpc'],
    outgoing: ['registry', 'delivery', 'admission', 'db', 'rpc'],
    stargz: ['registry', 'acceleration', 'repository', 'image', 'job', 'logbook', 'rpc', 'tar'],
    replication: ['registry', 'signature', 'sync', 'repository', 'image', 'db', 'event', 'job', 'rpc'],
    runner: [
      ...['repository', 'image', 'source', 'build', 'registry', 'sandbox'],
      ...['address', 'blob', 'confined', 'db', 'logbook', 'platform', 'program'],
    ],
    // Receiving requests.
    signature: ['account', 'audit', 'ram', 'rpc'],
    gateway: ['signature', 'audit', 'ram', 'rpc'],
    native: [
      ...[
        'signature',
        'log',
        'registry',
        'account',
        'repository',
        'image',
        'trigger',
        'lifecycle',
        'scan',
        'acceleration',
        'source',
        'build',
      ],
      ...['delivery', 'admission', 'audit', 'blob', 'confined', 'job', 'logbook', 'ram', 'rpc'],
    ],
    port: ['gateway', 'signature', 'admission', 'ram', 'rpc'],
    routes: [
      ...['port', 'native', 'signature', 'registry', 'namespace', 'chart', 'repository', 'image', 'source', 'build'],
      ...['blob', 'db', 'logbook', 'ram', 'rpc'],
    ],
    trace: ['port', 'repository', 'build', 'db', 'logbook', 'rpc'],
  },
  // The client runs as a plain user and imports only the protocol; everything else runs as root, and never imports the
  // client.
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
    copy: ['contents', 'distribution', 'foreign'],
    images: ['foreign', 'tokens'],
  },
};

/** What a package may import, by the import path as written. */
export const PACKAGES: [files: RegExp, allowed: RegExp][] = [
  [/^program\/src\//, /^(node:|\.\/)/],
  [/^logbook\/src\//, /^(node:|\.\.?\/|@slipway\/program$)/],
  [/^client\/src\/(?!registry\/)/, /^\.\.?\//],
  [/^cli\/src\//, /^(?!#|@slipway\/(server|logbook|program))/],
  [/^server\/src\//, /^(?!@slipway\/(client|cli))/],
  [/^console\/src\//, /^(\.\.?\/|@slipway\/client\/|react(-dom)?(\/|$)|@tanstack\/)/],
  // Its generic parts must not depend on the API or on pages.
  [/^console\/src\/ui\//, /^(\.\/|react$)/],
];

/** Files and folders that touch the machine. All other files take values and return values. */
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
  'server/src/sync-targets.ts',
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
  'server/src/native/replies/log-download.ts',
  'server/src/port/port.ts',
  'server/src/registry/distribution/',
  'server/src/registry/foreign/',
  'server/src/registry/images/',
  'server/src/registry/tokens/signing-key.ts',
  'server/src/routes/console-routes.ts',
  'server/src/runner/bases/ready-bases.ts',
  'server/src/runner/disk-reserve.ts',
  'server/src/runner/git/',
  'server/src/runner/stages/fetch-contexts.ts',
  'server/src/runner/work/',
  'server/src/scan/inventory/',
  'server/src/sandbox/box/',
  'server/src/sandbox/build/',
  'server/src/sandbox/builder/',
  'server/src/sandbox/client/',
  'server/src/sandbox/folder/',
  'server/src/sandbox/helper/',
  'server/src/sandbox/store/',
  'server/src/stargz/layer-file.ts',
];
