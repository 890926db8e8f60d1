# Runs apt-get with the given arguments. While another program holds one of apt's locks, as on a fresh machine that
# updates itself, it waits up to 15 minutes. apt-get's own DPkg::Lock::Timeout does not wait for the lists' lock.
set -eu
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
trap 'exit 1' HUP INT TERM
tries=900
told=
until LC_ALL=C apt-get "$@" 2>"$errors"; do
  lock=$(sed -n 's/^E: Could not get lock //p' "$errors")
  tries=$((tries - 1))
  if [ -z "$lock" ] || [ $tries = 0 ]; then
    cat "$errors" >&2
    exit 1
  fi
  [ "$lock" = "$told" ] || echo "slipway: waiting until another program releases apt's lock $lock" >&2
  told=$lock
  sleep 1
done
cat "$errors" >&2
