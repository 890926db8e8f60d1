import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { debianFiles } from '../images/debian-packages.ts';
import { LAUNCHER, ROOT, slipway, type TestServer } from '../slipway.ts';

/** A program with all its dependencies, whose image builds without a network. */
export interface RealProject {
  name: string;
  /** Its folder, which is the source of a build. */
  folder: string;
  /** The base image in `library`. */
  base: string;
  /** Text that its log must contain. */
  shows: RegExp;
}

const SETS = {
  node: ['libstdc++6'],
  python: ['python3'],
  flask: ['python3-flask'],
  gcc: ['gcc', 'libc6-dev'],
  stb: ['libstb-dev'],
  go: ['golang-go'],
  cobra: ['golang-github-spf13-cobra-dev'],
} as const;
const FILES = 20_000;
const FILES_EACH_FOLDER = 100;

/** Their names. */
export const REAL_PROJECTS = ['node', 'python', 'c', 'go', 'files'];

/**
 * Imports the base images of the projects into a server's registry, with the launcher of its checkout, and writes the
 * projects below `place`.
 */
export async function makeRealProjects(server: TestServer, place: string, launcher = LAUNCHER): Promise<RealProject[]> {
  const files = await debianFiles(SETS);
  const work = mkdtempSync(join(place, 'making-'));
  try {
    const withNode = join(work, 'node');
    mkdirSync(join(withNode, 'usr', 'bin'), { recursive: true });
    cpSync(process.execPath, join(withNode, 'usr', 'bin', 'node'));
    cpSync(files.node, join(work, 'node.tar'));
    execFileSync('tar', ['-C', withNode, '--owner=0', '--group=0', '-rf', join(work, 'node.tar'), './usr/bin/node']);
    const bases = {
      'real-node': join(work, 'node.tar'),
      'real-python': files.python,
      'real-gcc': files.gcc,
      'real-go': files.go,
    };
    for (const [name, file] of Object.entries(bases)) await importBase(server, name, file, launcher);
    return [
      nodeProject(join(place, 'node')),
      pythonProject(join(place, 'python'), files.flask),
      cProject(join(place, 'c'), files.stb),
      goProject(join(place, 'go'), files.cobra),
      filesProject(join(place, 'files')),
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function importBase(server: TestServer, name: string, file: string, launcher: string): Promise<void> {
  const ended = await slipway(['image', 'import', file, name, '--data', server.dataFolder], { launcher });
  if (ended.code !== 0) throw new Error(`the base ${name} was not imported: ${ended.stderr}`);
}

/** A web server on Fastify; a stage runs its tests, which the image does not include. */
function nodeProject(folder: string): RealProject {
  write(folder, {
    Dockerfile: `FROM real-node AS test
WORKDIR /app
COPY package.json ./
COPY node_modules node_modules
COPY src src
RUN node --test src/app.test.js
FROM real-node
WORKDIR /app
ENV NODE_ENV=production
COPY --from=test /app/package.json ./
COPY --from=test /app/node_modules node_modules
COPY --from=test /app/src/app.js src/
RUN node -e "console.log(typeof require('./src/app.js').inject)"
EXPOSE 8080
CMD ["node", "src/app.js"]
`,
    'package.json': '{"name": "shop", "version": "1.0.0", "dependencies": {"fastify": "*"}}\n',
    'src/app.js': `const app = require('fastify')();
app.get('/items/:id', async (request) => ({ id: Number(request.params.id) }));
if (require.main === module) app.listen({ port: 8080, host: '0.0.0.0' });
module.exports = app;
`,
    'src/app.test.js': `const assert = require('node:assert');
const { test } = require('node:test');
const app = require('./app.js');
test('an item has its number', async () => {
  assert.deepEqual((await app.inject('/items/7')).json(), { id: 7 });
});
`,
  });
  for (const name of dependenciesOf('fastify'))
    cpSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  return { name: 'node', folder, base: 'real-node', shows: /^function$/m };
}

/** The packages that a package needs, including itself, if they are installed side by side. */
function dependenciesOf(name: string, found = new Set<string>()): Set<string> {
  const file = join(ROOT, 'node_modules', name, 'package.json');
  if (found.has(name) || !existsSync(file)) return found;
  found.add(name);
  const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> };
  for (const each of Object.keys(dependencies)) dependenciesOf(each, found);
  return found;
}

/** A web application on Flask, compiled and tested. */
function pythonProject(folder: string, flask: string): RealProject {
  write(folder, {
    Dockerfile: `FROM real-python
WORKDIR /app
ENV PYTHONPATH=/app/vendor
COPY vendor vendor
RUN python3 -m compileall -q -j 1 vendor
COPY app.py test_app.py ./
RUN python3 -m unittest -v 2>&1
CMD ["python3", "app.py"]
`,
    'app.py': `from flask import Flask

app = Flask(__name__)


@app.get("/items/<int:number>")
def item(number):
    return {"id": number}


if __name__ == "__main__":
    app.run(host="0.0.0.0")
`,
    'test_app.py': `import unittest

from app import app


class AppTest(unittest.TestCase):
    def test_item(self):
        self.assertEqual(app.test_client().get("/items/7").json, {"id": 7})
`,
  });
  takeFolder(flask, './usr/lib/python3/dist-packages', join(folder, 'vendor'));
  return { name: 'python', folder, base: 'real-python', shows: /^OK$/m };
}

/** A program in C that uses a header-only library, in several files; one stage links it, another runs it. */
function cProject(folder: string, stb: string): RealProject {
  const parts = ['image_write', 'image_resize', 'truetype', 'perlin', 'rect_pack', 'ds'];
  const sources = Object.fromEntries(
    parts.map((part) => {
      const macro = `STB_${part.toUpperCase()}_IMPLEMENTATION`;
      return [`src/${part}.c`, `#include <math.h>\n#include <stdlib.h>\n#define ${macro}\n#include "stb_${part}.h"\n`];
    }),
  );
  write(folder, {
    Dockerfile: `FROM real-gcc AS build
WORKDIR /src
COPY third_party third_party
COPY Makefile ./
COPY src src
RUN make -j2 picture
FROM busybox
COPY --from=build /src/picture /usr/bin/picture
RUN picture /picture.png && ls -l /picture.png
CMD ["picture", "/dev/stdout"]
`,
    Makefile: `objects = $(patsubst %.c,%.o,$(wildcard src/*.c))
picture: $(objects)
\tgcc -static -o $@ $^ -lm
%.o: %.c
\tgcc -O2 -Wall -Ithird_party -c -o $@ $<
`,
    ...sources,
    'src/main.c': `#include <stdio.h>
#include "stb_image_write.h"
#include "stb_perlin.h"
static unsigned char picture[256 * 256];
int main(int count, char **words) {
  for (int at = 0; at < 256 * 256; at++)
    picture[at] = 128 + 127 * stb_perlin_noise3(at % 256 / 32.0f, at / 256 / 32.0f, 0, 0, 0, 0);
  return count > 1 && stbi_write_png(words[1], 256, 256, 1, picture, 256) ? 0 : 1;
}
`,
  });
  takeFolder(stb, './usr/include/stb', join(folder, 'third_party'));
  return { name: 'c', folder, base: 'real-gcc', shows: /\/picture\.png$/m };
}

/** A command built with Cobra; a stage compiles it, and the image contains nothing else. */
function goProject(folder: string, cobra: string): RealProject {
  write(folder, {
    Dockerfile: `FROM real-go AS build
ENV GO111MODULE=off GOPATH=/go GOCACHE=/tmp/go CGO_ENABLED=0
WORKDIR /go/src/example.com/greet
COPY vendor vendor
COPY main.go ./
RUN go build -o /greet .
FROM busybox
COPY --from=build /greet /usr/bin/greet
RUN greet --name builder
ENTRYPOINT ["greet"]
`,
    'main.go': `package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func main() {
	var name string
	greet := &cobra.Command{Use: "greet", Run: func(*cobra.Command, []string) { fmt.Println("hello,", name) }}
	greet.Flags().StringVar(&name, "name", "world", "whom to greet")
	cobra.CheckErr(greet.Execute())
}
`,
  });
  for (const name of ['cobra', 'pflag'])
    takeFolder(cobra, `./usr/share/gocode/src/github.com/spf13/${name}`, join(folder, 'vendor/github.com/spf13', name));
  return { name: 'go', folder, base: 'real-go', shows: /^hello, builder$/m };
}

function filesProject(folder: string): RealProject {
  write(folder, { Dockerfile: 'FROM busybox\nCOPY tree /tree\nRUN find /tree -type f | wc -l\n' });
  for (let at = 0; at < FILES; at += 1)
    write(folder, {
      [`tree/${Math.floor(at / FILES_EACH_FOLDER)}/${at}.txt`]: `${`file ${at} `.repeat(1 + (at % 50))}\n`,
    });
  return { name: 'files', folder, base: 'busybox', shows: new RegExp(`^${FILES}$`, 'm') };
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function takeFolder(tar: string, path: string, target: string): void {
  mkdirSync(target, { recursive: true });
  const parts = path.split('/').length;
  execFileSync('tar', ['-C', target, `--strip-components=${parts}`, '--no-same-owner', '-xf', tar, path]);
}
