# What is made inside the checkout, npm's packages and the console: read by ../slipway. Shared: `here`, `pinned_node`, `say`, `stop`.

install_modules() {
  say 'installing the npm packages of the lock file'
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error) >&2 </dev/null ||
    stop "npm ci failed in $here. Its message stands above."
  touch "$here/node_modules/.package-lock.json"
}

# The console is made from its sources after the modules; vite comes with them, so nothing is fetched. Two at once would spoil
# each other's folder.
build_console() {
  (
    flock 8
    ! console_is_current || exit 0
    say 'building the console'
    begun=$(date +%s.%N)
    (cd "$here/console" && PATH=$(dirname "$pinned_node"):$PATH ../node_modules/.bin/vite build --logLevel error --outDir dist.new --emptyOutDir) >&2 </dev/null ||
      stop "the console could not be built in $here/console. The message stands above."
    # A source that was changed meanwhile is newer than this.
    touch -d "@$begun" "$here/console/dist.new/.built"
    # A server finds the old one or the new one, but for the moment between two renames.
    rm -rf "$here/console/dist.old"
    [ ! -e "$here/console/dist" ] || mv "$here/console/dist" "$here/console/dist.old"
    mv "$here/console/dist.new" "$here/console/dist"
    rm -rf "$here/console/dist.old"
  ) 8<"$here/console/vite.config.ts"
}

console_is_current() {
  [ -e "$here/console/dist/.built" ] &&
    [ -z "$(find "$here/package-lock.json" "$here/client/src" "$here/console/src" "$here/console/public" \
      "$here/console/index.html" "$here/console/vite.config.ts" -newer "$here/console/dist/.built" -print -quit)" ]
}

modules_are_current() {
  [ -e "$here/node_modules/.package-lock.json" ] &&
    [ -z "$(find "$here/package-lock.json" -newer "$here/node_modules/.package-lock.json")" ]
}

# The server that is started goes on meanwhile, and serves the console once it is there.
build_console_beside() {
  console_is_current || (build_console </dev/null >&2 &)
}

# The plain user that a root server becomes reads the code, which is no secret; a clone made under umask 077 is closed to it.
open_code() (
  cd "$here"
  set -- package.json server client logbook program spec console
  closed=$(find . -maxdepth 0 ! -perm -001 && find node_modules -maxdepth 1 ! -type l ! -perm -004 -print -quit &&
    find "$@" \( -type d ! -perm -005 -o -type f ! -perm -004 \) -print -quit)
  [ -z "$closed" ] || { chmod go+x . && chmod -R go+rX "$@" node_modules; } ||
    say "$here is closed to other users and could not be opened; the server's user must be able to read it"
)
