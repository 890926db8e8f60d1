# The shell of start-program.ts reads this file, in a private folder of its own. It answers on its standard output.

# Nothing that was started outlives the server: its end is the end of standard input.
trap 'rm -rf "$PWD"; kill -KILL 0' EXIT
exec 3>&1 >/dev/null

# start ID FOLDER EXPORTS COMMAND ARGUMENT…. Pipes are made for several programs at once, because a fork for each would
# cost too much.
start() {
  if [ ! -p "$1.end" ]; then
    pipes='' next=$1
    while [ "$next" -lt $(($1 + 16)) ]; do
      pipes="$pipes $next.in $next.out $next.err $next.end" next=$((next + 1))
    done
    mkfifo $pipes
  fi
  run "$@" &
}

# In a subshell, since it waits.
run() {
  id=$1 folder=$2 exports=$3 code=126
  shift 3
  trap 'echo "$code"; echo "$id ended $code" >&3' EXIT
  [ -p "$id.end" ] || exit
  # Opened for reading and writing, so that neither this shell nor the server waits for the other to open an end.
  exec 4<>"$id.in" 5<>"$id.out" 6<>"$id.err" 1<>"$id.end"
  echo "$id ready" >&3
  read -r _ <&4
  exec 7<"$id.in" 8>"$id.out" 9>"$id.err" 4<&- 5>&- 6>&-
  (cd -- "$folder" && unset PATH OLDPWD && eval "$exports" && exec "$@") <&7 >&8 2>&9 3>&- 7<&- 8>&- 9>&- &
  exec 7<&- 8>&- 9>&-
  echo "$id started $!" >&3
  wait $!
  code=$?
}
