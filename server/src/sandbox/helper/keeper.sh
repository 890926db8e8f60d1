#!/bin/sh
# Starts the sandbox helper again after it was killed, so that what a kill -9 leaves is cleaned up at once. Exit codes
# that the helper chose (0 done, 2 bad arguments, 4 the machine is not suitable) end the loop, and so do five failures
# in a row. Standard input is shared with the helper.
failures=0
while :; do
  "$@"
  code=$?
  case $code in
    0 | 2 | 4) exit "$code" ;;
  esac
  failures=$((failures + 1))
  # Above 128: killed by a signal, which says nothing about the next start.
  [ "$code" -gt 128 ] && failures=0
  [ "$failures" -ge 5 ] && exit 4
  sleep 0.1
done
