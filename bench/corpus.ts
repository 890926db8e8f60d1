/*
 * A realistic build output for all benchmarks, the same for the same seed. It is made from templates of what apt, dpkg,
 * npm, gcc, docker and test runners really print, with their colours, quotes and backslashes, in bursts as in real
 * builds. A line has about 72 bytes with its end, and about 33 % of the lines need escapes in JSON.
 */

/** Lines in a chunk. */
export const CORPUS_CHUNK_LINES = 1000;

interface Random {
  /** A whole number from 0 to `below - 1`. */
  int: (below: number) => number;
  pick: <T>(values: readonly T[]) => T;
  hex: (digits: number) => string;
}

const ESC = '\x1b';
const PACKAGES =
  'libc6 libssl3 zlib1g libgcc-s1 perl-base python3-minimal libstdc++-12 gcc-12-base openssl ca-certificates curl git libcurl4 libxml2 libsqlite3-0 libpng16-16 fontconfig libgtk-3-0 x11-common build-essential cmake ninja-build pkg-config autoconf automake libtool bison flex'.split(
    ' ',
  );
const MODULES =
  'react lodash express webpack typescript eslint babel-core chalk commander debug semver glob rimraf mkdirp minimist yargs ajv acorn postcss rollup vite jest mocha sinon axios undici'.split(
    ' ',
  );
const SOURCES =
  'parser lexer codegen optimizer scheduler allocator hashtable ringbuffer socket poller logger config'.split(' ');
const WARNINGS = [
  "unused variable 'tmp%' [-Wunused-variable]",
  "comparison of integer expressions of different signedness: 'int' and 'size_t' [-Wsign-compare]",
  'this statement may fall through [-Wimplicit-fallthrough=]',
  "'%' may be used uninitialized [-Wmaybe-uninitialized]",
];

type Template = (random: Random, counter: number) => string;

const apt: Template[] = [
  (r) =>
    `Get:${r.int(900)} http://deb.debian.org/debian bookworm/main amd64 ${r.pick(PACKAGES)} amd64 ${r.int(9)}.${r.int(40)}.${r.int(20)}-${r.int(9)}+deb12u${r.int(12)} [${r.int(9000)} kB]`,
  (r, n) => `Selecting previously unselected package ${r.pick(PACKAGES)}-dev:amd64${n % 17 === 0 ? '.' : '...'}`,
  (r) =>
    `Preparing to unpack .../${r.int(999)}-${r.pick(PACKAGES)}_${r.int(9)}.${r.int(40)}.${r.int(20)}-${r.int(9)}_amd64.deb ...`,
  (r) =>
    `Unpacking ${r.pick(PACKAGES)}:amd64 (${r.int(9)}.${r.int(40)}.${r.int(20)}-${r.int(9)}+deb12u${r.int(12)}) ...`,
  (r) => `Setting up ${r.pick(PACKAGES)}:amd64 (${r.int(9)}.${r.int(40)}.${r.int(20)}-${r.int(9)}) ...`,
  (r) => `/usr/share/doc/${r.pick(PACKAGES)}/examples/${r.pick(SOURCES)}-${r.int(999)}.html`,
];
const npm: Template[] = [
  (r) =>
    `npm http fetch GET 200 https://registry.npmjs.org/${r.pick(MODULES)}/-/${r.pick(MODULES)}-${r.int(20)}.${r.int(30)}.${r.int(30)}.tgz ${r.int(900)}ms (cache miss)`,
  (r) =>
    `npm sill placeDep ROOT ${r.pick(MODULES)}@${r.int(20)}.${r.int(30)}.${r.int(30)} OK for: "slipway@0.${r.int(30)}.0" want: ^${r.int(20)}.0.0`,
  (r) =>
    `npm verb reify failed optional dependency /src/node_modules/@esbuild/${r.pick(['linux-arm64', 'darwin-x64', 'win32-ia32'])}`,
  (r) =>
    `npm warn deprecated ${r.pick(MODULES)}@${r.int(20)}.${r.int(30)}.${r.int(30)}: "Please upgrade to version ${r.int(20)}", see https://v8.dev/blog/math-random for details`,
  (r) => `npm sill tarball no local data for ${r.pick(MODULES)}@sha512-${r.hex(40)}. Extracting by manifest.`,
];
const gcc: Template[] = [
  (r) =>
    `[${String(r.int(100)).padStart(3)}%] ${ESC}[32mBuilding CXX object src/CMakeFiles/core.dir/${r.pick(SOURCES)}_${r.int(400)}.cpp.o${ESC}[0m`,
  (r) =>
    `${ESC}[01m${ESC}[Ksrc/${r.pick(SOURCES)}.cpp:${r.int(3000)}:${r.int(90)}:${ESC}[m${ESC}[K ${ESC}[01;35m${ESC}[Kwarning: ${ESC}[m${ESC}[K${r.pick(WARNINGS).replace('%', r.pick(SOURCES))}`,
  (r) =>
    `  ${r.int(3000)} |   if (${r.pick(SOURCES)}_${r.pick(SOURCES)}(ctx, "${r.pick(SOURCES)}\\n", ${r.int(4096)}) < 0) {`,
  (r) => `      |         ${ESC}[01;35m${ESC}[K^${'~'.repeat(r.int(40))}${ESC}[m${ESC}[K`,
  (r) =>
    `gcc -DNDEBUG -O2 -g -Wall -Wextra -fPIC -I/src/include -I/usr/include/${r.pick(SOURCES)} -MD -MT ${r.pick(SOURCES)}.o -c -o ${r.pick(SOURCES)}_${r.int(400)}.o /src/lib/${r.pick(SOURCES)}_${r.int(400)}.c`,
];
const docker: Template[] = [
  (r, n) =>
    `#${r.int(30)} ${(n / 997).toFixed(3)} sha256:${r.hex(64)} ${r.int(90)}.${r.int(99)}MB / ${r.int(99)}.${r.int(99)}MB`,
  (r) => `Step ${r.int(30)}/30 : COPY --chown=app:app ./${r.pick(SOURCES)} /srv/${r.pick(SOURCES)}/`,
  (r) => ` ---> ${r.hex(12)}`,
  (r) => `Removing intermediate container ${r.hex(12)}`,
];
const tests: Template[] = [
  (r) =>
    `${ESC}[32m✓${ESC}[39m ${r.pick(SOURCES)}.test.ts > ${r.pick(SOURCES)} keeps the order of "${r.pick(SOURCES)}" ${r.int(400)}ms`,
  (r) =>
    `tests/test_${r.pick(SOURCES)}.py::test_${r.pick(SOURCES)}_${r.int(300)} PASSED [${String(r.int(100)).padStart(3)}%]`,
  (r) => `--- PASS: Test${r.pick(SOURCES)}/${r.pick(SOURCES)}_${r.int(99)} (0.${r.int(99)}s)`,
  () => '',
];
const FAMILIES = [apt, apt, npm, gcc, gcc, docker, tests];
/** The typical length of a burst of one program's output. */
const BURST_LINES = 60;

/** The output as chunks of 1000 lines; the last one may be shorter. */
export function* corpus(lineCount: number, seed = 1): Generator<Buffer, void> {
  const random = randomFrom(seed);
  let family = random.pick(FAMILIES);
  for (let line = 0; line < lineCount; ) {
    const lines: string[] = [];
    const end = Math.min(line + CORPUS_CHUNK_LINES, lineCount);
    for (; line < end; line += 1) {
      if (random.int(BURST_LINES) === 0) family = random.pick(FAMILIES);
      lines.push(random.pick(family)(random, line));
    }
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

/** The output as messages, `batchLines` in each batch. */
export function* corpusBatches(lineCount: number, batchLines: number, seed = 1): Generator<string[], void> {
  for (const chunk of corpus(lineCount, seed)) {
    const lines = chunk.toString().split('\n');
    lines.pop();
    for (let at = 0; at < lines.length; at += batchLines) yield lines.slice(at, at + batchLines);
  }
}

/** Marsaglia's xorshift32: quick, and good enough for filling templates. */
function randomFrom(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const int = (below: number): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(values: readonly T[]): T => values[int(values.length)] as T;
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits)
      text += int(2 ** 24)
        .toString(16)
        .padStart(6, '0');
    return text.slice(0, digits);
  };
  return { int, pick, hex };
}
