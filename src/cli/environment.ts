/** A variable that the program reads, and what for. */
export interface Variable {
  readonly name: string;
  readonly meaning: string;
}

/** Every environment variable that is read, by what it is about: `pkg help environment`, and docs/environment.md. */
export const ENVIRONMENT: readonly { readonly title: string; readonly variables: readonly Variable[] }[] = [
  {
    title: "Settings",
    variables: [
      { name: "PKG_HOME", meaning: "Keep everything under this directory, as with --home" },
      { name: "PKG_PROFILE", meaning: "The profile to work on, as with --profile" },
      { name: "PKG_SYSTEM", meaning: "1: work on what is installed for all users, as with --system" },
      { name: "PKG_CONFIG", meaning: "The config file, as with --config" },
      { name: "PKG_CONCURRENCY", meaning: "Blobs fetched at a time, as with --concurrency" },
      { name: "PKG_SYNC_INTERVAL", meaning: "Age at which an index is fetched again, e.g. 6h, 0s or never" },
      { name: "PKG_RETRY_FOR", meaning: "How long a request is tried again without progress, e.g. 2m or 0s" },
      { name: "UV_THREADPOOL_SIZE", meaning: "How many threads unpack and write files; default 16" },
      {
        name: "PKG_OFFLINE",
        meaning: "1: send no request, as with --offline; 0, false, no, off or nothing: send them",
      },
    ],
  },
  {
    title: "Places, where there is no PKG_HOME",
    variables: [
      { name: "HOME", meaning: "The home directory, where the defaults of the following lie" },
      {
        name: "XDG_DATA_HOME",
        meaning:
          "man pages, completions and desktop entries are linked in it, and pkg/ in it holds packages, bottles, blobs and indexes; default ~/.local/share",
      },
      { name: "XDG_CONFIG_HOME", meaning: "pkg/ in it holds config.toml and keys; default ~/.config" },
      { name: "XDG_BIN_HOME", meaning: "Links to programs; default ~/.local/bin" },
      { name: "SUDO_UID", meaning: "Set by sudo: root is warned when HOME is another user's" },
      { name: "PATH", meaning: "Searched for programs that a new one would hide, and for credential helpers" },
      { name: "SHELL", meaning: "How to put programs on PATH is told for it; `pkg shell` starts it" },
      {
        name: "MANPATH",
        meaning: "Whether man pages that are linked will be found; `pkg exec` and `pkg shell` add their own",
      },
      { name: "FPATH", meaning: "The same of completions for zsh, which are only looked for" },
      { name: "XDG_DATA_DIRS", meaning: "As MANPATH, of other completions, and of desktop entries" },
      { name: "PKG_SHELL", meaning: "Set by `pkg shell` to the packages that its shell has" },
    ],
  },
  {
    title: "Network",
    variables: [
      { name: "HTTPS_PROXY", meaning: "The proxy for https, e.g. http://proxy.example:3128; lower case goes first" },
      { name: "HTTP_PROXY", meaning: "The proxy for plain http" },
      { name: "ALL_PROXY", meaning: "The proxy for a scheme that has none of its own" },
      {
        name: "NO_PROXY",
        meaning: "Hosts that are reached without one: names, addresses, subnets, separated by commas; * for all",
      },
      { name: "SSL_CERT_FILE", meaning: "PEM certificates to trust as well, as with --ca-file" },
      { name: "SSL_CERT_DIR", meaning: "Directories of such certificates, separated by colons" },
    ],
  },
  {
    title: "Credentials",
    variables: [
      { name: "REGISTRY_AUTH_FILE", meaning: "The only file that credentials are read from, and written to" },
      { name: "DOCKER_CONFIG", meaning: "The directory of docker's config.json; default ~/.docker" },
      {
        name: "XDG_RUNTIME_DIR",
        meaning: "containers/auth.json in it is read as well; default /run/containers/UID/auth.json",
      },
      { name: "GITHUB_TOKEN", meaning: "A token for ghcr.io, where nothing else is kept for it" },
      { name: "GH_TOKEN", meaning: "The same, where GITHUB_TOKEN is not set" },
    ],
  },
  {
    title: "Publishing",
    variables: [
      { name: "PKG_SIGNING_KEY", meaning: "The text of the secret key file to sign with" },
      { name: "PKG_PASSPHRASE", meaning: "The passphrase of the secret key" },
      { name: "SOURCE_DATE_EPOCH", meaning: "The only time that published content may hold, in seconds since 1970" },
    ],
  },
  {
    title: "Output; an option such as --color goes first",
    variables: [
      { name: "NO_COLOR", meaning: "Plain text; progress is still redrawn, see TERM and CI" },
      { name: "FORCE_COLOR", meaning: "Colour also where it is not a terminal; 0: plain text" },
      { name: "CLICOLOR_FORCE", meaning: "1: the same" },
      { name: "CLICOLOR", meaning: "0: plain text" },
      { name: "TERM", meaning: "dumb: plain text, and no progress that is redrawn" },
      {
        name: "LC_ALL",
        meaning:
          "The locale; where that is not one of UTF-8, as C is not, arrows, dots and the like are written in ASCII",
      },
      { name: "LC_CTYPE", meaning: "The same, where LC_ALL is not set" },
      { name: "LANG", meaning: "The same, where neither of these is; none at all is C" },
      { name: "CI", meaning: "Nothing is asked, and no progress is redrawn; 0 or false: as if it were not set" },
    ],
  },
];
