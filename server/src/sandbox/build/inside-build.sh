#!/bin/sh
# What a build's box runs. /in/arguments sets the arguments of `docker-buildx build`. Descriptor 1 takes the builder's
# output, descriptor 3 takes events; no other program has either.
#
# The builder is BuildKit as a part of Docker's daemon, one daemon for each build: it lives as long as the box. Its
# store is the repository's.
exec 4>&1 >/run/daemon.log 2>&1
export PATH=/in/bin:/usr/bin:/usr/sbin DOCKER_HOST=unix:///run/docker.sock DOCKER_CONFIG=/run/client
# No image comes from elsewhere, and no output is clipped.
export EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=/in/source-policy.json
export BUILDKIT_STEP_LOG_MAX_SIZE=-1 BUILDKIT_STEP_LOG_MAX_SPEED=-1
buildx=/usr/libexec/docker/cli-plugins/docker-buildx

# An emulator runs the programs of other processors; only this box's view of the kernel knows it. The daemon looks once,
# when it starts.
if [ -d /in/formats ]; then
  mkdir /run/formats && mount -t binfmt_misc formats /run/formats || : >/run/no-emulation
  for format in /in/formats/*; do
    cat "$format" >/run/formats/register || : >/run/no-emulation
  done
  [ ! -e /run/no-emulation ] || {
    echo "no-emulation $(tail -n 3 /run/daemon.log | tr '\n' ' ' | cut -c 1-1000)" >&3
    exit 1
  }
fi

# What a killed build had begun to write.
rm -rf /store/docker/containerd/daemon/io.containerd.content.v1.content/ingest
dockerd --config-file /in/daemon.json --data-root /store/docker --exec-root /run/docker --pidfile /run/docker.pid \
  -H unix:///run/docker.sock --bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
  3>&- 4>&- &
daemon=$!
# The socket comes first.
until [ -S /run/docker.sock ] && [ -s /run/docker/containerd/containerd.pid ]; do
  kill -0 "$daemon" 2>/dev/null || {
    echo "no-daemon $(tail -n 3 /run/daemon.log | tr '\n' ' ' | cut -c 1-1500)" >&3
    exit 1
  }
  sleep 0.01
done
read -r containerd </run/docker/containerd/containerd.pid
# The daemon restarts a containerd that died, but does not end what waits for the old one.
(
  while kill -0 "$containerd" 2>/dev/null; do sleep 0.5; done
  echo containerd-died >&3
  kill -KILL -1
) 4>&- &
# A copy of another store: what its builds left in cache mounts, and their sources, are for them alone.
if [ -e /in/empty ]; then
  for kind in exec.cachemount source.local source.git.checkout; do
    $buildx prune --builder default --all --force --filter "type=$kind" 3>&- 4>&- || {
      echo "no-daemon its copied store was not emptied: $(tail -n 1 /run/daemon.log | cut -c 1-500)" >&3
      exit 1
    }
  done
  echo emptied >&3
fi
# The daemon may start before the source is there. boxinit writes to this pipe when everything is in place.
read -r _ </in/go
. /in/arguments
# Under the name of an earlier client, only what changed in the source is sent.
[ ! -e /in/client ] || { mkdir -p /run/client/buildx && cat /in/client >/run/client/buildx/.buildNodeID; }
echo build >&3
$buildx build --builder default --progress=rawjson "$@" >&4 2>&1 3>&- 4>&-
code=$?
[ ! -e /run/disk-full ] || echo disk-full >&3
echo "built $code" >&3
# The daemon keeps a record of each build in its store, with its arguments and the builder's output. The record's database
# still holds the bytes of a removed record, so it is removed too. If the removal fails, the next build tries again.
if $buildx history rm --builder default --all 3>&- 4>&-; then
  rm -f /store/docker/buildkit/history*.db
else
  echo "no-history $(tail -n 1 /run/daemon.log | cut -c 1-500)" >&3
  # A daemon that dies closes its connections a moment before it is gone.
  checks=300
  while [ "$code" != 0 ] && [ "$checks" != 0 ] && kill -0 "$daemon" 2>/dev/null; do
    checks=$((checks - 1))
    sleep 0.01
  done
fi
# A build that failed because a part of the builder died says nothing about the source.
if ! kill -0 "$daemon" 2>/dev/null; then
  echo daemon-died >&3
elif ! kill -0 "$containerd" 2>/dev/null; then
  echo containerd-died >&3
fi
exit "$code"
