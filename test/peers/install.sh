#!/bin/sh
# Makes one of the programs that a suite of test/interop needs: install.sh collector|go-exporter|python-exporter|
# python-forwarder
#
# It is made once, in .peers/ of the checkout, and nothing is written elsewhere. Exit code 0: the last line of the output
# is the program. Otherwise the reason is on the last line, and the suite is skipped.
set -u
peer=$1
here=$(cd "$(dirname "$0")" && pwd)
cache=$(cd "$here/../.." && pwd)/.peers
mkdir -p "$cache/bin"

# A change of the program or of a version makes it anew.
version=$(cat "$here/install.sh" "$here/$peer"/* | cksum | tr ' ' '-')
made="$cache/bin/$peer-$version"
failed="$cache/$peer-$version.failed"

give_up() {
  echo "$1" >"$failed"
  echo "$1"
  exit 1
}

# Suites that run at the same time wait for one another.
if command -v flock >/dev/null 2>&1; then
  exec 9>"$cache/$peer.lock"
  flock 9
fi
if [ -e "$made" ]; then
  echo "$made"
  exit 0
fi
if [ -e "$failed" ]; then
  echo "$(cat "$failed"); remove $failed to try again"
  exit 1
fi

case $peer in
collector | go-exporter)
  go=$(command -v go || echo /usr/local/go/bin/go)
  [ -x "$go" ] || give_up 'there is no go'
  export GOMODCACHE="$cache/go/modules" GOCACHE="$cache/go/build" GOFLAGS='-modcacherw -buildvcs=false -mod=readonly'
  export GOTOOLCHAIN=local CGO_ENABLED=0
  # Without optimisation the build takes three quarters of the time.
  (cd "$here/$peer" && timeout 900 "$go" build -gcflags='all=-N -l' -o "$made.partial" . >&2) ||
    give_up "go could not build $peer"
  mv "$made.partial" "$made"
  ;;
python-exporter | python-forwarder)
  command -v python3 >/dev/null 2>&1 || give_up 'there is no python3'
  environment="$cache/python-$version"
  rm -rf "$environment"
  python3 -m venv "$environment" >&2 || give_up 'python3 could not make a virtual environment'
  timeout 600 "$environment/bin/pip" install -q --no-cache-dir --disable-pip-version-check --require-hashes \
    --only-binary :all: -r "$here/$peer/requirements.txt" >&2 || give_up "pip could not install what $peer needs"
  # By the way from here, so that a checkout can be moved.
  printf '#!/bin/sh\nbin=$(dirname "$0")\nexec "$bin/../%s/bin/python" "$bin/../../test/peers/%s/main.py" "$@"\n' \
    "python-$version" "$peer" >"$made.partial"
  chmod +x "$made.partial"
  mv "$made.partial" "$made"
  ;;
*)
  echo "there is no peer $peer"
  exit 1
  ;;
esac
echo "$made"
