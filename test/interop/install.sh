#!/bin/sh
# Installs one Debian package that a suite of test/interop needs: install.sh <package> <command that shows it is there>
#
# Tried once in a run of tests, and only as root where apt-get exists. Exit code 0: it is there. Otherwise the reason is on
# the last line of the output, and the suite is skipped.
set -u
package=$1
check=$2
failed="${TMPDIR:-/tmp}/fieldseal-interop-$package.failed"

sh -c "$check" >/dev/null 2>&1 && exit 0
if [ -e "$failed" ]; then
  echo "installing $package failed before; remove $failed to try again"
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "$package is not installed, and only root can install it"
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "$package is not installed, and there is no apt-get"
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt() {
  timeout 240 apt-get -q -o DPkg::Lock::Timeout=200 -o Acquire::Retries=0 -o Acquire::http::Timeout=20 "$@" </dev/null >&2
}
apt install -y --no-install-recommends "$package" || { apt update && apt install -y --no-install-recommends "$package"; }
sh -c "$check" >/dev/null 2>&1 && exit 0
: >"$failed"
echo "$package is not installed, and apt-get could not install it"
exit 1
