# Sets up the builder, which runs Dockerfiles, separate from the system's packages. Read by ../slipway. Shared: `here`,
# `node`, `say`, `stop`.

# server/src/sandbox/builder/builder-root.ts has the same folder.
has_builder() { [ -e /var/lib/slipway/builder/current/builder.json ]; }

# A machine without access to Debian's archive gets the builder from another machine: slipway builder export and import.
make_builder() {
  may_become_root || {
    say "this machine has no builder yet, and installing it needs root: $no_root"
    return
  }
  as_root "$node" "$here/server/src/sandbox/builder/builder-command.ts" update --missing </dev/null >&2 ||
    say 'the builder could not be installed, so nothing can be built. See the message above; slipway builder update tries again.'
}

run_builder_command() {
  # By the table of packages.sh, with what a server needs to fetch its own builder.
  [ "${1-}" != base ] || set -- "$@" --packages "$(debian_packages) apt ca-certificates debian-archive-keyring"
  case ${1-} in
    update | import | prune | base) may_become_root || stop "changing the builder needs root, and $no_root" ;;
    *) exec "$node" "$here/server/src/sandbox/builder/builder-command.ts" "$@" ;;
  esac
  as_root "$node" "$here/server/src/sandbox/builder/builder-command.ts" "$@" || exit $?
  exit 0
}
