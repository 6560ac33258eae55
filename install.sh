#!/bin/sh
# Installs pkg as one self-contained program: built from this checkout, or with --from a ready build from a registry.
set -eu

usage() {
  cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--from REGISTRY/NAME[:TAG|@DIGEST]]

Builds pkg from this checkout and puts it into DIR/bin. The program needs
neither the checkout nor Node afterwards. Run it again to bring it up to date.

With --from it needs no checkout: it fetches a ready build from an OCI registry,
such as ghcr.io, with curl, and checks every digest with sha256sum.

Options:
  --prefix DIR   where to install; default: ~/.local
  --from REF     fetch a ready build: REGISTRY/NAME, then :TAG (default: latest)
                 or @sha256:...
  --help         show this help
TEXT
}

fail() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

prefix=
from=
while [ $# -gt 0 ]; do
  case $1 in
    --from)
      { [ $# -ge 2 ] && [ -n "$2" ]; } || fail "--from needs a reference, such as ghcr.io/OWNER/pkg" 2
      from=$2
      shift 2
      continue
      ;;
    --from=?*)
      from=${1#--from=}
      shift
      continue
      ;;
    --from=) fail "--from needs a reference, such as ghcr.io/OWNER/pkg" 2 ;;
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

work=
made_bin=
clean() {
  [ -z "$work" ] || rm -rf -- "$work"
  # Only if it is empty, that is, if nothing was installed.
  [ -z "$made_bin" ] || rmdir -- "$bin" 2>/dev/null || :
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# These only fetch and start the build, which brings a Node of its own.
min_node=20

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

make_work() {
  [ -d "$bin" ] || made_bin=yes
  mkdir -p -- "$bin" || fail "Cannot install pkg: \"$bin\" cannot be made"
  # Beside the place it goes to, so that the last step is a rename: a pkg that runs is never written over.
  work=$(mktemp -d "$bin/.pkg-install.XXXXXX") || fail "Cannot install pkg: \"$bin\" cannot be written to"
}

# Leaves the program and its man page in $work.
build_here() {
  require npm 10
  require node "$min_node"

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

  make_work
  echo "Building pkg" >&2
  "$node" scripts/build.ts --output "$work/pkg" >&2 || fail "Cannot build pkg"
  "$node" scripts/man.ts "$work/pkg.1" || :
}

# Fetching a ready build. Nothing but HTTPS, save where the registry is on this machine.
max_manifest=1048576
max_program=536870912

# An anonymous token, if the registry asks for one; a file, so that it is in no list of processes.
authorized=

# is_loopback HOST[:PORT]
is_loopback() {
  case ${1%%:*} in
    localhost) ;;
    127.*[!0-9.]*) return 1 ;;
    127.*) ;;
    *) return 1 ;;
  esac
}

allowed_url() {
  case $1 in
    https://*) ;;
    http://*)
      host=${1#http://}
      { [ "$scheme" = http ] && is_loopback "${host%%/*}"; } || fail "Cannot fetch pkg: \"$(printable "$1")\" is not https. Nothing was changed"
      ;;
    *) fail "Cannot fetch pkg: \"$(printable "$1")\" is not https. Nothing was changed" ;;
  esac
  case ${1#*://} in
    *[[:cntrl:][:space:]]* | *@*/* | *\\*) fail "Cannot fetch pkg: the address \"$(printable "$1")\" is not one to follow. Nothing was changed" ;;
  esac
}

# Text from outside, with nothing that a terminal would act on.
printable() {
  printf '%s' "$1" | LC_ALL=C tr -c '[:print:]' '?' | cut -c 1-200
}

# request URL FILE MAX_BYTES [OPTION...]: one exchange, no redirects; $status and $location are what came.
request() {
  url=$1 into=$2 max=$3
  shift 3
  allowed_url "$url"
  : >"$work/headers"
  # The limit of the shell, in blocks of 512 bytes, is for a curl that knows no size beforehand.
  answer=$(
    ulimit -f $((max / 512 + 256)) 2>/dev/null || :
    curl -q --silent --show-error --globoff --proto '=http,https' --connect-timeout 30 --speed-limit 1 --speed-time 60 \
      --max-filesize "$max" --dump-header "$work/headers" --output "$into" --write-out '%{http_code} %{redirect_url}' "$@" -- "$url" 2>"$work/said"
  ) || fail "Cannot fetch \"$(printable "$url")\": $(printable "$(tail -n 1 "$work/said")"). Nothing was changed" 75
  status=${answer%% *}
  location=${answer#* }
  [ ! -e "$into" ] || [ "$(wc -c <"$into")" -le "$max" ] || fail "Cannot fetch \"$(printable "$url")\": it is larger than $max bytes. Nothing was changed"
}

# fetch PATH FILE MAX_BYTES: from the registry, with a token if it wants one, and wherever it leads.
fetch() {
  hops=0
  next=$base$1
  while :; do
    set -- "$1" "$2" "$3"
    # The token is for the registry alone.
    case $next in
      "$base"/*) [ -z "$authorized" ] || set -- "$@" -H "@$authorized" ;;
    esac
    target=$2 limit=$3 wanted=$1
    shift 3
    request "$next" "$target" "$limit" -H "Accept: application/vnd.oci.image.index.v1+json" -H "Accept: application/vnd.oci.image.manifest.v1+json" \
      -H "Accept: application/vnd.docker.distribution.manifest.list.v2+json" -H "Accept: application/vnd.docker.distribution.manifest.v2+json" -H "Accept: */*" "$@"
    set -- "$wanted" "$target" "$limit"
    case $status in
      200) return ;;
      401)
        [ -z "$authorized" ] || fail "Cannot fetch pkg: \"$registry\" lets nobody read \"$name\" without a password. Nothing was changed"
        take_token
        ;;
      301 | 302 | 303 | 307 | 308)
        hops=$((hops + 1))
        [ "$hops" -le 5 ] || fail "Cannot fetch pkg: \"$registry\" redirects too often. Nothing was changed"
        [ -n "$location" ] || fail "Cannot fetch pkg: \"$registry\" redirects to nowhere. Nothing was changed"
        next=$location
        ;;
      404) fail "Cannot find \"$from\": \"$registry\" has no \"$(printable "${next##*/}")\" there. Nothing was changed" ;;
      429 | 5??) fail "Cannot fetch pkg: \"$registry\" answered $status; try again later. Nothing was changed" 75 ;;
      *) fail "Cannot fetch pkg: \"$registry\" answered $status. Nothing was changed" ;;
    esac
  done
}

# As the registry's WWW-Authenticate says: the distribution specification's token, for everyone.
take_token() {
  challenge=$(tr -d '\r' <"$work/headers" | grep -i '^www-authenticate: *bearer ' | head -n 1 || :)
  realm=$(printf '%s' "$challenge" | sed -n 's/.*[Rr][Ee][Aa][Ll][Mm]="\([^"]*\)".*/\1/p')
  service=$(printf '%s' "$challenge" | sed -n 's/.*[Ss][Ee][Rr][Vv][Ii][Cc][Ee]="\([^"]*\)".*/\1/p')
  [ -n "$realm" ] || fail "Cannot fetch pkg: \"$registry\" lets nobody read \"$name\" without a password. Nothing was changed"
  request "$realm" "$work/token.json" "$max_manifest" -G --data-urlencode "service=$service" --data-urlencode "scope=repository:$name:pull"
  [ "$status" = 200 ] || fail "Cannot fetch pkg: \"$(printable "$realm")\" gave no token, but $status. Nothing was changed"
  flatten "$work/token.json" "$work/token"
  token=$(value /token "$work/token")
  [ -n "$token" ] || token=$(value /access_token "$work/token")
  case $token in
    '' | *[!A-Za-z0-9._~+/=-]*) fail "Cannot fetch pkg: \"$(printable "$realm")\" gave no token. Nothing was changed" ;;
  esac
  (umask 077 && printf 'Authorization: Bearer %s\n' "$token" >"$work/authorization")
  authorized=$work/authorization
}

# flatten FILE FILE: JSON as lines of a path, a tab and a value, such as "/layers/0/size<tab>12".
flatten() {
  LC_ALL=C awk '
    function path(  i, p) {
      p = ""
      for (i = 1; i <= depth; i++) p = p "/" (kind[i] == "{" ? key[i] : count[i])
      return p
    }
    { text = text $0 " " }
    END {
      depth = 0
      while (length(text) > 0) {
        if (match(text, /^[ \t\r]+/)) { text = substr(text, RLENGTH + 1); continue }
        if (match(text, /^"([^"\\]|\\.)*"/)) {
          word = substr(text, 2, RLENGTH - 2)
          text = substr(text, RLENGTH + 1)
          gsub(/\t/, " ", word)
          if (kind[depth] == "{" && isKey[depth]) { gsub("/", "_", word); key[depth] = word; isKey[depth] = 0 }
          else print path() "\t" word
          continue
        }
        if (match(text, /^[-+.0-9A-Za-z]+/)) { print path() "\t" substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1); continue }
        mark = substr(text, 1, 1)
        text = substr(text, 2)
        if (mark == "{" || mark == "[") {
          depth++
          if (depth > 32) exit 1
          kind[depth] = mark; isKey[depth] = 1; count[depth] = 0
        }
        else if (mark == "}" || mark == "]") { depth--; if (depth < 0) exit 1 }
        else if (mark == ",") { isKey[depth] = 1; count[depth]++ }
        else if (mark != ":") exit 1
      }
      if (depth != 0) exit 1
    }' "$1" >"$2" || fail "Cannot fetch pkg: \"$registry\" answered with something that is not JSON. Nothing was changed"
}

# value PATH FILE: what flatten() wrote for a path; nothing if it is not there.
value() {
  LC_ALL=C awk -F '\t' -v "path=$1" '$1 == path { print $2; exit }' "$2"
}

digest_of() {
  if command -v sha256sum >/dev/null 2>&1; then found=$(sha256sum <"$1"); else found=$(shasum -a 256 <"$1"); fi
  echo "sha256:${found%% *}"
}

is_digest() {
  case $1 in
    sha256:*[!0-9a-f]* | '') return 1 ;;
    sha256:*) [ "${#1}" -eq 71 ] ;;
    *) return 1 ;;
  esac
}

# check FILE DIGEST WHAT
check() {
  is_digest "$2" || fail "Cannot fetch pkg: the digest of $3 is \"$(printable "$2")\", expected sha256:... Nothing was changed"
  found=$(digest_of "$1")
  [ "$found" = "$2" ] || fail "Cannot fetch pkg: $3 has digest $found, expected $2. Nothing was changed"
}

# blob PLACE FILE: the layer at a path of the manifest, whose size and digest have to be right.
blob() {
  digest=$(value "$1/digest" "$work/manifest")
  size=$(value "$1/size" "$work/manifest")
  is_digest "$digest" || fail "Cannot fetch pkg: the manifest names no digest for its program. Nothing was changed"
  case $size in
    '' | *[!0-9]* | ???????????*) fail "Cannot fetch pkg: the manifest names no size for its program. Nothing was changed" ;;
  esac
  [ "$size" -le "$max_program" ] || fail "Cannot fetch pkg: its program has $size bytes, more than $max_program. Nothing was changed"
  fetch "/v2/$name/blobs/$digest" "$2" "$size"
  check "$2" "$digest" "\"$(printable "$(value "$1/annotations/org.opencontainers.image.title" "$work/manifest")")\""
}

# titled TITLE: the path of the layer of that name.
titled() {
  LC_ALL=C awk -F '\t' -v "title=$1" '
    $2 == title && $1 ~ /^\/layers\/[0-9]+\/annotations\/org\.opencontainers\.image\.title$/ { sub(/\/annotations\/.*/, "", $1); print $1; exit }' "$work/manifest"
}

# The names that OCI has for this machine.
find_platform() {
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in
    x86_64 | amd64) machine=amd64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "Cannot install pkg: there is no build for $(uname -m). Nothing was changed" ;;
  esac
}

# The manifest for this machine out of an index.
choose_platform() {
  chosen=$(LC_ALL=C awk -F '\t' -v "os=$os" -v "machine=$machine" '
    $1 ~ /^\/manifests\/[0-9]+\/platform\/os$/ { split($1, part, "/"); system_of[part[3]] = $2 }
    $1 ~ /^\/manifests\/[0-9]+\/platform\/architecture$/ { split($1, part, "/"); machine_of[part[3]] = $2; if (part[3] + 0 > last) last = part[3] + 0 }
    END { for (i = 0; i <= last; i++) if (system_of[i] == os && machine_of[i] == machine) { print "/manifests/" i; exit } }' "$work/manifest")
  [ -n "$chosen" ] || fail "Cannot install pkg: \"$from\" has no build for $os/$machine. Nothing was changed"
  digest=$(value "$chosen/digest" "$work/manifest")
  is_digest "$digest" || fail "Cannot fetch pkg: the index names no digest for $os/$machine. Nothing was changed"
  fetch "/v2/$name/manifests/$digest" "$work/manifest.json" "$max_manifest"
  check "$work/manifest.json" "$digest" "the manifest for $os/$machine"
  flatten "$work/manifest.json" "$work/manifest"
}

untar() {
  tar -xOf "$work/tar" bin/pkg >"$work/pkg" && { tar -xOf "$work/tar" share/man/man1/pkg.1 >"$work/pkg.1" 2>/dev/null || :; }
}

# The program in the manifest, in the first of the forms that can be unpacked here.
take_program() {
  for title in pkg "pkg-$os-$machine.gz" pkg.gz pkg.tar.gz pkg.tar.zst; do
    layer=$(titled "$title")
    [ -n "$layer" ] || continue
    case $title in
      *.gz) command -v gzip >/dev/null 2>&1 || continue ;;
      *.zst) command -v zstd >/dev/null 2>&1 || fail "Cannot install pkg: it is compressed with zstd, which was not found. Install zstd, then run this again. Nothing was changed" ;;
    esac
    break
  done
  [ -n "$layer" ] || fail "Cannot install pkg: \"$from\" has no program \"pkg\". Nothing was changed"
  blob "$layer" "$work/download"
  case $title in
    pkg) mv -- "$work/download" "$work/pkg" ;;
    *.tar.gz) gzip -dc <"$work/download" >"$work/tar" && untar ;;
    *.gz) gzip -dc <"$work/download" >"$work/pkg" ;;
    *.tar.zst) zstd -dcq <"$work/download" >"$work/tar" && untar ;;
  esac || fail "Cannot install pkg: \"$title\" cannot be unpacked. Nothing was changed"
  program_digest=$digest
}

# Leaves the program in $work, and its man page if there is one.
fetch_ready() {
  command -v curl >/dev/null 2>&1 || fail "Cannot fetch pkg: curl was not found. Nothing was changed"
  command -v sha256sum >/dev/null 2>&1 || command -v shasum >/dev/null 2>&1 || fail "Cannot fetch pkg: sha256sum was not found. Nothing was changed"
  find_platform
  rest=${from#oci://}
  case $rest in
    *[!A-Za-z0-9._:/@-]* | */ | /* | *//* | *..*) fail "Cannot read \"$(printable "$from")\": expected REGISTRY/NAME[:TAG|@DIGEST]" 2 ;;
    *.*/* | *:*/* | localhost/*) ;;
    *) fail "Cannot read \"$(printable "$from")\": expected REGISTRY/NAME[:TAG|@DIGEST], such as ghcr.io/OWNER/pkg" 2 ;;
  esac
  registry=${rest%%/*}
  name=${rest#*/}
  version=latest
  case $name in
    *@*)
      version=${name#*@}
      name=${name%%@*}
      is_digest "$version" || fail "Cannot read \"$from\": expected sha256: and 64 hexadecimal digits after the @" 2
      ;;
  esac
  case $name in
    *:*)
      is_digest "$version" || version=${name##*:}
      name=${name%:*}
      ;;
  esac
  case $name in
    '' | *[A-Z:@]*) fail "Cannot read \"$from\": expected REGISTRY/NAME[:TAG|@DIGEST], in small letters" 2 ;;
  esac
  [ -n "$version" ] || fail "Cannot read \"$from\": expected a tag after the colon" 2
  scheme=https
  if is_loopback "$registry"; then scheme=http; fi
  base=$scheme://$registry
  [ "$registry" != docker.io ] || base=https://registry-1.docker.io
  make_work
  echo "Fetching $from for $os/$machine" >&2
  fetch "/v2/$name/manifests/$version" "$work/manifest.json" "$max_manifest"
  if is_digest "$version"; then check "$work/manifest.json" "$version" "the manifest"; fi
  manifest_digest=$(digest_of "$work/manifest.json")
  flatten "$work/manifest.json" "$work/manifest"
  [ -z "$(value /manifests/0/digest "$work/manifest")" ] || choose_platform
  take_program
  layer=$(titled pkg.1)
  [ -z "$layer" ] || blob "$layer" "$work/pkg.1"
  built=" from $registry/$name@$manifest_digest, every digest checked; its program is $program_digest"
}

[ ! -d "$bin/pkg" ] || fail "Cannot install pkg: \"$bin/pkg\" is a directory. Nothing was changed"
if [ -n "$from" ]; then fetch_ready; else build_here; fi
chmod 755 "$work/pkg"
version=$("$work/pkg" --version </dev/null) || fail "Cannot install pkg: the program does not run on this machine. Nothing was changed"

# put FILE DIRECTORY NAME: what is only read beside the program may be missing; the program works without.
put() {
  [ -s "$1" ] && mkdir -p -- "$prefix/share/$2" && chmod 644 "$1" && mv -f -- "$1" "$prefix/share/$2/$3"
}
put "$work/pkg.1" man/man1 pkg.1 2>/dev/null || echo "install.sh: The man page was not installed" >&2
missing=
for shell in bash zsh fish; do
  case $shell in
    bash) directory=bash-completion/completions file=pkg ;;
    zsh) directory=zsh/site-functions file=_pkg ;;
    fish) directory=fish/vendor_completions.d file=pkg.fish ;;
  esac
  { "$work/pkg" completion "$shell" >"$work/completion" </dev/null && grep -q complet "$work/completion" && put "$work/completion" "$directory" "$file"; } 2>/dev/null || missing="$missing $shell"
done
[ -z "$missing" ] || echo "install.sh: The completions were not installed:$missing" >&2
mv -f -- "$work/pkg" "$bin/pkg"

[ -z "$from" ] || echo "Fetched$built. No signature was checked"
case ":${PATH:-}:" in
  *":$bin:"* | *":$bin/:"*) echo "Installed pkg $version as $bin/pkg; $bin is on PATH" ;;
  *) echo "Installed pkg $version as $bin/pkg; $bin is not on PATH: add it with export PATH=\"$bin:\$PATH\"" ;;
esac
