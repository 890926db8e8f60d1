import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from '#native/accepts-gzip.ts';
import { checkHost, type OwnNames } from '#native/host-check.ts';
import type { ApiError } from '#rpc/errors/api-error.ts';

/** A file of the console or the documentation, ready to be sent. */
interface ConsoleFile {
  type: string;
  bytes: Buffer;
  /** Made when it is first asked for: most of the documentation's pages never are. */
  gzipped?: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};

/** The page may load and call only its own origin, may not be framed, and never turns text into markup or code. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const NOT_BUILT =
  'The console is not ready yet: the launcher builds it while the server starts, which takes some seconds. ' +
  'Load this page again. If this message stays, the launcher has printed the reason on its standard error.\n';

type PathRequest = FastifyRequest<{ Params: { '*': string } }>;

const NO_PAGE = 'There is no such page. The documentation begins at /docs/.\n';

/**
 * The web console under `/console`, and the documentation under `/docs`, which needs no sign-in. Their files are read
 * once after each build, so no request names a path on the disk. Any other path below `/console/` is a page of the
 * console and gets `index.html`.
 */
export async function consoleRoutes(
  app: FastifyInstance,
  { folder, names }: { folder: string; names: OwnNames },
): Promise<void> {
  const current = currentFiles(folder);

  app.addHook('onRequest', async (request, reply) => {
    try {
      checkHost(request, names);
    } catch (error) {
      const { status, message } = error as ApiError;
      return reply.code(status).headers(HEADERS).type('text/plain; charset=utf-8').send(`${message}\n`);
    }
  });

  for (const path of ['/console', '/console/'])
    app.get(path, (request, reply) => sendFile(request, reply, 'index.html', 'no-cache'));
  app.get('/console/assets/:name', (request: FastifyRequest<{ Params: { name: string } }>, reply) =>
    // Their names contain a hash of their content.
    sendFile(request, reply, `assets/${request.params.name}`, 'public, max-age=31536000, immutable'),
  );
  app.get('/console/*', (request: PathRequest, reply) => {
    const name = request.params['*'];
    return sendFile(request, reply, current().has(name) ? name : 'index.html', 'no-cache');
  });
  for (const path of ['/docs', '/docs/'])
    app.get(path, (request, reply) => sendFile(request, reply, 'docs/index.html', 'no-cache'));
  app.get('/docs/*', (request: PathRequest, reply) => {
    const name = request.params['*'].replace(/\/$/, '');
    return sendFile(request, reply, `docs/${name}.html`, 'no-cache');
  });

  function sendFile(request: FastifyRequest, reply: FastifyReply, name: string, caching: string) {
    reply.headers(HEADERS);
    const files = current();
    if (files.size === 0) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    const file = files.get(name);
    if (file === undefined) {
      const sentence = name.startsWith('docs/') ? NO_PAGE : 'There is no such file.\n';
      return reply.code(404).type('text/plain; charset=utf-8').send(sentence);
    }
    reply.header('cache-control', caching).header('vary', 'accept-encoding').type(file.type);
    if (!acceptsGzip(request)) return reply.send(file.bytes);
    file.gzipped ??= gzipSync(file.bytes, { level: 9 });
    return reply.header('content-encoding', 'gzip').send(file.gzipped);
  }
}

/** Returns the files of `folder`, read again after each build; keeps the last ones while there are none. */
function currentFiles(folder: string): () => ReadonlyMap<string, ConsoleFile> {
  let files: ReadonlyMap<string, ConsoleFile> = new Map();
  let readOf: string | undefined;
  return () => {
    const page = join(folder, 'index.html');
    // Also false if this user may not read the folder.
    const made = existsSync(page) ? statSync(page, { throwIfNoEntry: false }) : undefined;
    const version = made && `${made.ino} ${made.mtimeMs}`;
    if (version !== undefined && version !== readOf) {
      files = readFiles(folder);
      readOf = version;
    }
    return files;
  };
}

function readFiles(folder: string): Map<string, ConsoleFile> {
  if (!existsSync(join(folder, 'index.html'))) return new Map();
  const names = globSync('**/*.*', { cwd: folder }).filter((name) => extname(name) in TYPES);
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, { type: TYPES[extname(name)] ?? '', bytes }];
    }),
  );
}
