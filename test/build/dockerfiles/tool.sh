#!/bin/sh
# Replaces package managers and compilers, under their names: it leaves the kind of files that they leave. No network.
name=${0##*/} all="${0##*/} $*"
# The argument after $1, else $2.
after() {
  wanted=$1 found=$2 last=''
  for argument in $arguments; do
    [ "$last" != "$wanted" ] || found=$argument
    last=$argument
  done
  echo "$found"
}
leave() { for file; do mkdir -p "$(dirname "$file")" && echo "of $all" >"$file" || exit 1; done; }
need() { for file; do [ -e "$file" ] || { echo "$name: there is no $file" >&2; exit 1; }; done; }
arguments=$*
echo "$all"
for person; do :; done
case "$all" in
  addgroup*) echo "$person:x:$(after -g "$(after --gid 1000)"):" >>/etc/group ;;
  adduser*)
    id=$(after -u "$(after --uid 1000)") group=$(after -G "$(after --ingroup '')")
    [ -n "$group" ] || echo "$person:x:$id:" >>/etc/group
    gid=$(grep "^${group:-$person}:" /etc/group | cut -d : -f 3)
    echo "$person:x:$id:$gid::/home/$person:/bin/sh" >>/etc/passwd ;;
  bundle*) need Gemfile && leave "$BUNDLE_PATH/gems/dep.rb" /root/.bundle/x ;;
  npm*\ build* | bun*\ build* | pnpm*\ build*)
    need package.json
    leave ./dist/index.js ./.next/standalone/server.js ./.next/static/chunk.js ;;
  pnpm*\ deploy*) need package.json && cp -r . /tmp/deployed && mkdir -p "$(after --prod .)" && cp -r src/* "$(after --prod .)" ;;
  npm* | bun* | pnpm* | yarn*) need package.json && leave ./node_modules/dep/index.js ;;
  *pip\ wheel*) leave "$(after --wheel-dir .)/dep.whl" ;;
  poetry*) need pyproject.toml && leave ./requirements.txt ;;
  uv\ sync*) need uv.lock pyproject.toml && leave .venv/lib/dep.py ;;
  pip* | python* | uv*) leave /usr/local/lib/python/site-packages/dep/__init__.py ;;
  go\ mod*) need go.mod go.sum && leave /go/pkg/mod/dep.go ;;
  go\ build*)
    need go.mod
    leave "$(after -o ./a.out)"
    echo "${GOOS:-linux}/$GOARCH" >>"$(after -o ./a.out)" ;;
  xcaddy*) leave "$(after --output .)" ;;
  cargo*prepare*) need Cargo.toml && leave ./recipe.json ;;
  cargo*cook*) need recipe.json ;;
  cargo*) need Cargo.toml && leave "target/$(after --target .)/release/app" ;;
  mvn*package*) need pom.xml && leave target/app.jar ;;
  gradle*) leave build/libs/app.jar ;;
  java*extract*) leave "$(after --destination .)/dependencies/dependency.jar" "$(after --destination .)/application/app.class" ;;
  composer*) need composer.json && leave vendor/autoload.php ;;
  mix\ release) need mix.exs && leave "_build/$MIX_ENV/rel/app/bin/app" ;;
  dotnet*restore*) need App/App.csproj ;;
  dotnet*) leave "$(after -o .)/App.dll" ;;
  make*install*) leave /usr/local/lib/made ;;
  apt-get\ update* | dnf*) leave /var/lib/apt/lists/packages ;;
esac
