# Makes what the checkout needs: npm packages, the console, and its programs in one file each. Read by ../slipway. Shared: `here`, `pinned_node`, `say`,
# `stop`.

install_modules() {
  say 'installing npm packages from the lock file'
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error) >&2 </dev/null ||
    stop "npm ci failed in $here. See its message above."
  touch "$here/node_modules/.package-lock.json"
}

# The console, and with it the documentation, is built from its sources after the packages are installed; vite is one
# of them, so nothing is downloaded. Two builds at once would overwrite each other's folder.
build_console() {
  (
    flock 8
    ! console_is_current || exit 0
    say 'building the console'
    begun=$(date +%s.%N)
    (cd "$here/console" && NODE_ENV=production PATH=$(dirname "$pinned_node"):$PATH ../node_modules/.bin/vite build --logLevel error --outDir dist.new --emptyOutDir) >&2 </dev/null ||
      stop "the console could not be built in $here/console. See the message above."
    # A source that changes during the build is newer than this.
    touch -d "@$begun" "$here/console/dist.new/.built"
    # A server finds the old build or the new one, except for the moment between two renames.
    rm -rf "$here/console/dist.old"
    [ ! -e "$here/console/dist" ] || mv "$here/console/dist" "$here/console/dist.old"
    mv "$here/console/dist.new" "$here/console/dist"
    rm -rf "$here/console/dist.old"
  ) 8<"$here/console/vite.config.ts"
}

console_is_current() {
  [ -e "$here/console/dist/.built" ] &&
    [ -z "$(find "$here/package-lock.json" "$here/client/src" "$here/console/src" "$here/console/public" \
      "$here/console/"*.html "$here/console/vite.config.ts" "$here/console/docs" "$here/docs" "$here/"*.md \
      -newer "$here/console/dist/.built" -print -quit)" ]
}

# A program in one file starts in half the time. The file of a checkout is used only while it is what the sources say: bundle.sum
# names every source with its time of change, as clocks can be set back.
bundle_sum() {
  (cd "$here" && find package-lock.json node_modules/.package-lock.json launcher/bundle.ts cli client logbook program server spec \
    -name dist -prune -o -type f ! -name '*.test.ts' -printf '%p %i %s %C@\n' | cksum)
}

bundle_is_current() {
  [ -e "$here/server/dist/bundle.sum" ] && [ "$(bundle_sum)" = "$(cat "$here/server/dist/bundle.sum")" ]
}

# A checkout works without it.
build_bundle() {
  [ -w "$here/server" ] || return 0
  (
    flock 8
    ! bundle_is_current || exit 0
    # A source that changes meanwhile has another sum.
    sum=$(bundle_sum)
    rm -f "$here/server/dist/bundle.sum"
    if PATH=$(dirname "$pinned_node"):$PATH node "$here/launcher/bundle.ts" "$here" >&2 </dev/null; then
      echo "$sum" >"$here/server/dist/bundle.sum"
    else
      say "$here could not be bundled: its programs run from their sources, which start more slowly. See the message above."
    fi
  ) 8<"$here/launcher/bundle.ts"
}

# An installed copy has its programs in one file each, and no bundler.
program_file() {
  if [ -n "${SLIPWAY_FROM_SOURCES-}" ] || [ ! -e "$here/$1/dist/main.js" ] ||
    { [ -e "$here/node_modules/rolldown" ] && ! bundle_is_current; }; then
    echo "$1/src/main.ts"
  else
    echo "$1/dist/main.js"
  fi
}

modules_are_current() {
  [ -e "$here/node_modules/.package-lock.json" ] &&
    [ -z "$(find "$here/package-lock.json" -newer "$here/node_modules/.package-lock.json")" ]
}

# Meanwhile the server starts, and serves the console once it is built.
build_beside() {
  if console_is_current; then
    [ ! -e "$here/node_modules/rolldown" ] || bundle_is_current || (build_bundle </dev/null >&2 &)
  elif [ -w "$here/console" ]; then
    (
      build_console
      build_bundle
    ) </dev/null >&2 &
  else
    say "there is no console: it is not built, and this user cannot write to $here/console"
  fi
}

# The plain user that a root server becomes must read the code, which is not secret; a clone made under umask 077 would
# be closed to it.
open_code() (
  cd "$here"
  set -- package.json server client logbook program spec console
  closed=$(find . -maxdepth 0 ! -perm -001 && find node_modules -maxdepth 1 ! -type l ! -perm -004 -print -quit &&
    find "$@" \( -type d ! -perm -005 -o -type f ! -perm -004 \) -print -quit)
  [ -z "$closed" ] || { chmod go+x . && chmod -R go+rX "$@" node_modules; } ||
    say "$here is closed to other users and could not be opened; the server's user must be able to read it"
)
