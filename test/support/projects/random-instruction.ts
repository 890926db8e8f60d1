import type { Chance } from '../chance.ts';

type Kind = (chance: Chance, paths: readonly string[]) => string;

const flags = (chance: Chance) =>
  chance.pick([
    '',
    '',
    '',
    '--chmod=640 ',
    '--chown=5:6 ',
    '--link ',
    '--link --chown=7:8 ',
    '--exclude=*.log ',
    '--chmod=u+x ',
  ]);
const place = (chance: Chance) => chance.pick(['/w/', '/w/deep/', '/etc/', '../', '/w/named']);

/** Instructions whose result depends only on what the builder tracks, including everything that a step can see. */
const KINDS: Kind[] = [
  (chance, paths) =>
    `COPY ${flags(chance)}${chance.pick([...paths, 'd', 'e', '.'])}${chance.pick(['', '*', '*'])} ${place(chance)}`,
  (chance) =>
    `COPY ${flags(chance)}${chance.pick(['d* a*', 'b* a*', 'd/* e/*', 'd/e* x*'])} ${chance.pick(['/w/', '/many/'])}`,
  (chance, paths) => `ADD ${chance.pick(paths)}* ${place(chance)}`,
  (chance) => `COPY --from=one ${chance.pick(['/w', '/etc', '/w*', '/w/s*'])} ${chance.pick(['/from/', '/w/'])}`,
  (chance) => `COPY <<T ${chance.pick(['/w/here', '/w/seen'])}\n${chance.pick(['x $V', 'y', '$W'])}\nT`,
  (chance) =>
    `RUN echo "$V $W $E" $(id -u) $(pwd) $(cat /w/* 2>/dev/null) >>${chance.pick(['/w/seen', '/w/said', 'here'])} || true`,
  (chance) =>
    `RUN --mount=type=bind,source=${chance.pick(['d', '.', 'e', 'a'])},target=/m cat /m /m/* /m/*/* 2>/dev/null >/w/mounted; stat -c "%a %u %n" /m/* >>/w/mounted; true`,
  () => 'RUN --mount=type=bind,from=one,target=/m cat /m/w/* /m/etc/passwd 2>/dev/null >/w/of-one; true',
  () => 'RUN --mount=type=tmpfs,target=/t ls /t >/w/empty; true',
  (chance) => `RUN rm -rf ${chance.pick(['/w/seen', '/w/*', '/etc/group', '/w/deep'])} || true`,
  (chance) =>
    `RUN ${chance.pick(['ln /w/seen /w/same', 'ln -sf /w /l', 'mkdir -p /w/deep', 'mv /w/seen /w/moved', 'cp -r /w /v'])} || true`,
  (chance) => `RUN <<T\nset -u\necho ${chance.pick(['one', 'two'])} >/w/script || true\nT`,
  (chance) => `ENV E=${chance.pick(['1', '$V', 'x$W', '"a b"'])}`,
  (chance) => `ARG ${chance.pick(['V=other', 'W=default', 'E=arg'])}`,
  (chance) => `WORKDIR ${chance.pick(['/w', 'below', '/new/$V', '/'])}`,
  (chance) => `USER ${chance.pick(['0', '1000', '5:6'])}`,
  (chance) => `LABEL l=${chance.pick(['1', '$V', '"two words"'])}`,
  (chance) =>
    chance.pick([
      'CMD echo $V',
      'CMD ["x"]',
      'ENTRYPOINT echo',
      'ENTRYPOINT []',
      'EXPOSE 80-82',
      'VOLUME /w',
      'STOPSIGNAL 9',
      'HEALTHCHECK CMD true',
      'SHELL ["/bin/sh", "-xc"]',
      'SHELL ["/bin/sh", "-c"]',
      'ONBUILD RUN echo $V',
      'MAINTAINER somebody',
    ]),
];

/** Returns a random instruction; `paths` are the paths that a source may have. */
export function randomInstruction(chance: Chance, paths: readonly string[]): string {
  return chance.pick(KINDS)(chance, paths);
}
