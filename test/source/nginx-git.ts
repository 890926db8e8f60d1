import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd, temporaryFolder } from '../support/slipway.ts';

/** The settings of the host. */
export interface NginxGitOptions {
  /** Folder of the repositories. */
  folder: string;
  tls: { cert: string; key: string };
  login: { user: string; token: string };
}

/**
 * Git's http-backend behind nginx, set up as in Git's manual: nginx does TLS and the login, fcgiwrap runs the backend.
 * nginx listens on a socket file, and a free port forwards to it. Returns the address.
 */
export async function startNginxGit(t: TestContext, options: NginxGitOptions): Promise<string> {
  const own = temporaryFolder(t);
  const [listening, backend, users] = ['nginx.sock', 'fcgi.sock', 'users'].map((name) => join(own, name)) as [
    string,
    string,
    string,
  ];
  const hash = execFileSync('openssl', ['passwd', '-apr1', options.login.token], { encoding: 'utf8' }).trim();
  writeFileSync(users, `${options.login.user}:${hash}\n`);
  const config = join(own, 'nginx.conf');
  writeFileSync(config, nginxConfig({ ...options, listening, backend, users, own }));
  run(t, 'fcgiwrap', ['-s', `unix:${backend}`]);
  run(t, '/usr/sbin/nginx', ['-p', own, '-c', config, '-e', join(own, 'error.log')]);
  while (!existsSync(listening) || !existsSync(backend)) await sleep(20);
  const server = createServer((socket) => {
    const to = connect(listening);
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
    socket.pipe(to).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  atEnd(t, () => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function run(t: TestContext, program: string, args: string[]): void {
  const child = spawn(program, args, { stdio: 'ignore' });
  atEnd(t, async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  });
}

function nginxConfig(place: NginxGitOptions & Record<'listening' | 'backend' | 'users' | 'own', string>): string {
  return `daemon off;
user root;
worker_processes 1;
pid ${place.own}/nginx.pid;
error_log ${place.own}/error.log;
events {}
http {
  access_log ${place.own}/access.log;
  client_body_temp_path ${place.own}/body;
  fastcgi_temp_path ${place.own}/fastcgi;
  proxy_temp_path ${place.own}/proxy;
  uwsgi_temp_path ${place.own}/uwsgi;
  scgi_temp_path ${place.own}/scgi;
  server {
    listen unix:${place.listening} ssl;
    ssl_certificate ${place.tls.cert};
    ssl_certificate_key ${place.tls.key};
    auth_basic git;
    auth_basic_user_file ${place.users};
    location / {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param GIT_PROJECT_ROOT ${place.folder};
      fastcgi_param GIT_PROTOCOL $http_git_protocol;
      fastcgi_param PATH_INFO $uri;
      fastcgi_pass unix:${place.backend};
    }
  }
}
`;
}
