#!/bin/sh
# crun whose container has one stream: buildah reads stdout and stderr of a RUN from two pipes and copies them side by
# side, which loses their order.
for argument; do
  [ "$argument" = create ] && exec /usr/bin/crun "$@" 2>&1
done
exec /usr/bin/crun "$@"
