# Installs the machine's packages. Read by ../slipway. Shared: `programs` (which `missing` checks), `builds` (empty for a
# server without them), `say` and `stop`.

# Programs that Slipway runs, with their packages on Debian (and Ubuntu), Fedora and Arch. "-": no known package.
server_programs='
docker-registry  docker-registry  -                -
rg               ripgrep          ripgrep          ripgrep
openssl          openssl          openssl          openssl
setpriv          util-linux       util-linux       util-linux
mount            mount            util-linux-core  util-linux
useradd          passwd           shadow-utils     shadow
'
# Those that a server with --no-builds does without.
build_programs='
git              git              git              git
runc             runc             runc             runc
skopeo           skopeo           skopeo           skopeo
slirp4netns      slirp4netns      slirp4netns      slirp4netns
nft              nftables         nftables         nftables
ip               iproute2         iproute          iproute2
mkfs.ext4        e2fsprogs        e2fsprogs        e2fsprogs
busybox          busybox-static   busybox          busybox
tar              tar              tar              tar
xz               xz-utils         xz               xz
ssh-agent        openssh-client   openssh-clients  openssh
'
programs=$server_programs$build_programs

debian_packages() {
  printf '%s' "$server_programs$build_programs" | while read -r program debian others; do printf '%s ' "$debian"; done
}

# The tests also use programs that the server does not need.
test_programs='
python3          python3          python3          python
jq               jq               jq               jq
curl             curl             curl             curl
strace           strace           strace           strace
chromium         chromium         chromium         chromium
sshd             openssh-server   openssh-server   openssh
nginx            nginx-light      nginx-core       nginx
fcgiwrap         fcgiwrap         fcgiwrap         fcgiwrap
zsh              zsh              zsh              zsh
fish             fish             fish             fish
groff            groff-base       groff-base       groff
mandoc           mandoc           mandoc           mandoc
zstd             zstd             zstd             zstd
'
stores_programs='
psql             postgresql       postgresql-server  postgresql
'
long_programs='
go               golang-go        golang           go
javac            default-jdk-headless  java-latest-openjdk-devel  jdk-openjdk
caddy            caddy            caddy            caddy
'$stores_programs
hosts_programs='
debootstrap      debootstrap      debootstrap      debootstrap
podman           podman           podman           podman
systemd-nspawn   systemd-container  systemd-container  systemd
podman-compose   podman-compose   podman-compose   podman-compose
iptables         iptables         iptables         iptables
/usr/lib/cni/bridge  containernetworking-plugins  containernetworking-plugins  cni-plugins
'
# Each skips only the tests that use it.
client_programs='
podman           podman           podman           podman
python3          python3          python3          python
pip3             python3-pip      python3-pip      python-pip
'
# The tests of the console need one of these.
browsers='chromium google-chrome google-chrome-stable'

# debian, fedora, arch, or other.
family() {
  if command -v apt-get >/dev/null 2>&1; then
    echo debian
    return
  fi
  like=$(. /etc/os-release 2>/dev/null && echo "${ID-} ${ID_LIKE-}") || like=
  case " $like " in
    *' fedora '* | *' rhel '*) echo fedora ;;
    *' arch '*) echo arch ;;
    *) echo other ;;
  esac
}

# Ubuntu's only browser package is a snap, and a snap cannot see the tests' folders.
has_browser() {
  for browser in $browsers; do
    case $(command -v "$browser") in
      '' | /snap/*) ;;
      *) return 0 ;;
    esac
  done
  return 1
}

no_browser_to_install() {
  apt-cache policy chromium 2>/dev/null | grep -q 'Candidate: [^(]' && return 1
  [ -n "$(apt-cache policy git 2>/dev/null)" ]
}

# Lines "PROGRAM DEBIAN FEDORA ARCH" of missing programs.
missing() {
  printf '%s' "$programs" | while read -r program debian fedora arch; do
    case $program in
      '') continue ;;
      chromium) has_browser || { [ "$(family)" = debian ] && no_browser_to_install; } ;;
      *) command -v "$program" >/dev/null 2>&1 ;;
    esac || echo "$program $debian $fedora $arch"
  done
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo 'the_authorities_of_the_web ca-certificates ca-certificates ca-certificates'
  [ -z "$builds" ] || has_builder || [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] ||
    echo 'the_keys_of_debian debian-archive-keyring debian-keyring debian-archive-keyring'
  command -v npm >/dev/null 2>&1 || [ -x "$pinned_node" ] || printf '%s\n' 'node nodejs nodejs nodejs' 'npm npm nodejs-npm npm'
}

# Asks for a password if there is a terminal.
may_become_root() {
  [ "$(id -u)" = 0 ] && return
  command -v sudo >/dev/null 2>&1 || return 1
  sudo -n true 2>/dev/null || { (: </dev/tty) 2>/dev/null && say 'this needs root; using sudo' && sudo -v; }
}

# Installs what the tests can do without, as far as it can be had, and names what is missing then.
install_optional() {
  printf '%s' "$optional" | while read -r program packages; do
    [ -n "$program" ] && ! command -v "$program" >/dev/null 2>&1 || continue
    (install_packages "$program $packages") && command -v "$program" >/dev/null 2>&1 ||
      say "$program is missing: the tests that use it are skipped"
  done
}

no_root='this user cannot become root here: run this as root, or at a terminal where sudo can ask for a password, or allow the user sudo without a password'

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# $1: lines of missing().
install_packages() {
  case $(family) in
    debian) install_debian_packages $(echo "$1" | cut -d' ' -f2 | tr -s '\n' ' ') ;;
    fedora) name_packages "$1" 3 'dnf install' ;;
    arch) name_packages "$1" 4 'pacman -S' ;;
    *) stop "these programs are missing: $(echo "$1" | cut -d' ' -f1 | tr '\n' ' ')- install packages that have them, then run this again. (Slipway installs packages only on Debian and Ubuntu.)" ;;
  esac
}

name_packages() {
  known=$(echo "$1" | cut -d' ' -f"$2" | grep -vx -- - | sort -u | tr '\n' ' ')
  unknown=$(echo "$1" | awk -v at="$2" '$at == "-" { printf "%s ", $1 }')
  [ -z "$known" ] || say "these packages are missing: sudo $3 $known"
  [ -z "$unknown" ] || say "these programs are missing, and we know no package of this system that has them: $unknown(docker-registry is the program of https://github.com/distribution/distribution)"
  stop 'Slipway installs packages only on Debian and Ubuntu. Install the packages named above, then run this again.'
}

# While packages are installed, the policy file forbids them to start a service.
install_debian_packages() {
  may_become_root ||
    stop "these packages are missing: $*. Installing them needs root, and $no_root"
  say "installing $*"
  as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    set -eu
    umask 022
    policy=/usr/sbin/policy-rc.d
    [ ! -e $policy ] || mv $policy $policy.before-slipway
    trap "rm -f $policy; [ ! -e $policy.before-slipway ] || mv $policy.before-slipway $policy" EXIT
    trap "exit 1" HUP INT TERM
    printf "#!/bin/sh\nexit 101\n" >$policy
    chmod 755 $policy
    apt_get=$1
    shift
    new=
    for pair in docker-registry:docker-registry sshd:ssh nginx:nginx fcgiwrap:fcgiwrap caddy:caddy; do
      command -v "${pair%%:*}" >/dev/null || new="$new ${pair#*:}"
    done
    sh "$apt_get" update -qq
    for package; do
      shift
      [ "$package" = chromium ] && ! apt-cache policy chromium | grep -q "Candidate: [^(]" || set -- "$@" "$package"
    done
    [ $# = 0 ] || sh "$apt_get" install -y -qq --no-install-recommends "$@"
    ! command -v systemctl >/dev/null || for service in $new; do
      [ ! -e "/lib/systemd/system/$service.service" ] || systemctl --quiet disable "$service.service"
      [ ! -e "/lib/systemd/system/$service.socket" ] || systemctl --quiet disable "$service.socket"
    done
  ' slipway-setup "$here/launcher/apt-get.sh" "$@" >&2 </dev/null || stop "apt-get could not install: $*. See its message above."
}
