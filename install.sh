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
while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
bin=$prefix/bin

# Fails unless the program $1 is there and its version is at least $2.0.0.
require() {
  command -v "$1" >/dev/null 2>&1 || fail "Cannot build pkg: $1 was not found. Install Node.js $min_node or newer with npm, then run this again. Nothing was changed"
  found=$("$1" --version 2>/dev/null) || found=unknown
  major=${found#v}
  major=${major%%.*}
  case $major in
    '' | *[!0-9]*) fail "Cannot build pkg: the version of $1 is \"$found\", expected $2 or newer. Nothing was changed" ;;
  esac
  [ "$major" -ge "$2" ] || fail "Cannot build pkg: the version of $1 is $found, expected $2 or newer. Install Node.js $min_node or newer with npm, then run this again. Nothing was changed"
}

# These only fetch and start the build, which brings a Node of its own.
min_node=20
require npm 10
require node "$min_node"
[ ! -d "$bin/pkg" ] || fail "Cannot install pkg: \"$bin/pkg\" is a directory. Nothing was changed"

# The checkout is where the script itself is, not the links that lead to it.
script=$0
links=0
while [ -L "$script" ]; do
  links=$((links + 1))
  [ "$links" -le 40 ] || fail "Cannot build pkg: the links at \"$0\" form a loop. Nothing was changed"
  target=$(readlink -- "$script") || fail "Cannot build pkg: the link \"$script\" cannot be read. Nothing was changed"
  case $target in
    /*) script=$target ;;
    *) script=$(dirname -- "$script")/$target ;;
  esac
done
# CDPATH would make cd go elsewhere, and print where.
CDPATH='' cd -- "$(dirname -- "$script")" >/dev/null
[ -e scripts/build.ts ] || fail "Cannot build pkg: \"$PWD\" is not a checkout of it. Run the install.sh of a checkout. Nothing was changed"

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
  npm ci --include=dev --include=optional --engine-strict=false --no-audit --no-fund --loglevel=error >&2 || fail "Cannot build pkg: npm ci failed"
fi
node=node_modules/.bin/node
# npm 10 forgets this link, as packages that are left out have one of the same name; the checkout's own script makes it
# again, unless scripts are turned off.
[ -x "$node" ] || npm rebuild --ignore-scripts --loglevel=error >&2 || :
[ -x "$node" ] || fail "Cannot build pkg: \"$node\" is missing: there is no Node for this platform among the packages in package-lock.json, or npm left it out. Delete node_modules and run this again"

mkdir -p -- "$bin" || fail "Cannot install pkg: \"$bin\" cannot be made"
# Beside the place it goes to, so that the last step is a rename: a pkg that runs is never written over.
work=$(mktemp -d "$bin/.pkg-install.XXXXXX") || fail "Cannot install pkg: \"$bin\" cannot be written to"
echo "Building pkg" >&2
"$node" scripts/build.ts --output "$work/pkg" >&2 || fail "Cannot build pkg"
chmod 755 "$work/pkg"
version=$("$work/pkg" --version) || fail "Cannot install pkg: the program that was built does not run"
# What is only read beside it may be missing; the program works without.
"$node" scripts/man.ts "$work/pkg.1" && mkdir -p -- "$prefix/share/man/man1" &&
  mv -f -- "$work/pkg.1" "$prefix/share/man/man1/pkg.1" ||
  echo "install.sh: The man page was not installed" >&2
mv -f -- "$work/pkg" "$bin/pkg"

case ":${PATH:-}:" in
  *":$bin:"* | *":$bin/:"*) echo "Installed pkg $version as $bin/pkg; $bin is on PATH" ;;
  *) echo "Installed pkg $version as $bin/pkg; $bin is not on PATH: add it with export PATH=\"$bin:\$PATH\"" ;;
esac
