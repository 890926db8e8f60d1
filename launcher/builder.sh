# What runs Dockerfiles, unpacked beside the system: read by ../slipway. Shared: `here`, `node`, `say`, `stop`.

# server/src/sandbox/builder/builder-root.ts knows the folder too.
has_builder() { [ -e /var/lib/slipway/builder/current/builder.json ]; }

# A machine without Debian's archive gets it from another by slipway builder export and import.
make_builder() {
  may_become_root || {
    say "there is no builder on this machine, and to make it takes root: $no_root"
    return
  }
  as_root "$node" "$here/server/src/sandbox/builder/builder-command.ts" update --missing </dev/null >&2 ||
    say 'the builder could not be made, so nothing can be built. Its message stands above; slipway builder update tries again.'
}

run_builder_command() {
  case ${1-} in
    update | import) may_become_root || stop "to change the builder takes root, and $no_root" ;;
    *) exec "$node" "$here/server/src/sandbox/builder/builder-command.ts" "$@" ;;
  esac
  as_root "$node" "$here/server/src/sandbox/builder/builder-command.ts" "$@" || exit $?
  exit 0
}
