#!/bin/sh
# Builds pkg from this checkout and installs it as one self-contained program.
set -eu

usage() {
  cat <<'TEXT'
Usage: ./install.sh [--prefix DIR]

Builds pkg from this checkout and puts it into DIR/bin. The program needs
neither the checkout nor Node afterwards. Run it again to bring it up to date.

Options:
  --prefix DIR   where to install; default: ~/.local
  --help         show this help
TEXT
}

fail() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

prefix=
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      [ $# -ge 2 ] || fail "--prefix needs a directory" 2
      prefix=$2
      shift
      ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) fail "Unknown argument \"$1\"; try ./install.sh --help" 2 ;;
  esac
  [ -n "$prefix" ] || fail "--prefix needs a directory" 2
  shift
done

if [ -z "$prefix" ]; then
  [ -n "${HOME:-}" ] || fail "HOME is not set; name a directory with --prefix DIR" 2
  prefix=$HOME/.local
fi
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
bin=$prefix/bin

command -v npm >/dev/null 2>&1 || fail "Cannot build pkg: npm was not found. Install Node.js with npm, then run this again. Nothing was changed"
[ ! -d "$bin/pkg" ] || fail "Cannot install pkg: \"$bin/pkg\" is a directory. Nothing was changed"

CDPATH='' cd -- "$(dirname -- "$0")"

work=
clean() {
  [ -z "$work" ] || rm -rf -- "$work"
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# npm writes this file last, so it is younger than the lock file it was made from.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ -n "$(find package-lock.json package.json -newer "$installed")" ]; then
  echo "Fetching what the build needs" >&2
  npm ci --include=dev --no-audit --no-fund --loglevel=error >&2 || fail "Cannot build pkg: npm ci failed"
fi
node=node_modules/.bin/node
[ -x "$node" ] || fail "Cannot build pkg: \"$node\" is missing. Allow npm to run install scripts, delete node_modules and run this again"

mkdir -p -- "$bin" || fail "Cannot install pkg: \"$bin\" cannot be made"
# Beside the place it goes to, so that the last step is a rename: a pkg that runs is never written over.
work=$(mktemp -d "$bin/.pkg-install.XXXXXX") || fail "Cannot install pkg: \"$bin\" cannot be written to"
echo "Building pkg" >&2
"$node" scripts/build.ts --output "$work/pkg" >&2 || fail "Cannot build pkg"
chmod 755 "$work/pkg"
version=$("$work/pkg" --version) || fail "Cannot install pkg: the program that was built does not run"
mv -f -- "$work/pkg" "$bin/pkg"

case ":${PATH:-}:" in
  *":$bin:"*) echo "Installed pkg $version as $bin/pkg; $bin is on PATH" ;;
  *) echo "Installed pkg $version as $bin/pkg; $bin is not on PATH: add it with export PATH=\"$bin:\$PATH\"" ;;
esac
