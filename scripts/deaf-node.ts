/**
 * Variables that Node, or the OpenSSL in it, reads before it runs a program, so that the program cannot remove them in
 * time. NODE_EXTRA_CA_CERTS is documented and stays; NODE_OPTIONS is turned off by a setting of the executable.
 */
export const SILENCED_VARIABLES: readonly string[] = [
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "NODE_COMPILE_CACHE",
  "NODE_COMPILE_CACHE_PORTABLE",
  "NODE_COMPILE_CACHE_READONLY",
  "NODE_DEBUG",
  "NODE_DEBUG_NATIVE",
  "NODE_ICU_DATA",
  "NODE_NO_WARNINGS",
  "NODE_PATH",
  "NODE_PENDING_DEPRECATION",
  "NODE_PRESERVE_SYMLINKS",
  "NODE_PRESERVE_SYMLINKS_MAIN",
  "NODE_REDIRECT_WARNINGS",
  "NODE_REPL_EXTERNAL_MODULE",
  "NODE_SKIP_PLATFORM_CHECK",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "NODE_UNIQUE_ID",
  "NODE_USE_ENV_PROXY",
  "NODE_USE_SYSTEM_CA",
  "NODE_V8_COVERAGE",
  "OPENSSL_CONF",
  "OPENSSL_CONF_INCLUDE",
  "OPENSSL_ENGINES",
  "OPENSSL_MODULES",
  "WATCH_REPORT_DEPENDENCIES",
];

const EQUALS = "=".charCodeAt(0);

/**
 * Makes a copy of Node deaf to the variables that would steer it before any of our code runs: each name that it asks the
 * environment for is overwritten in place with one that no variable can have, as it begins with "=". Node has a setting
 * for NODE_OPTIONS alone, and running the program a second time without them would double the time that a start takes.
 *
 * @param node the bytes of the executable, which are changed
 * @throws {Error} when a name does not occur, as after an update that reads the environment in another way
 */
export function deafenNode(node: Buffer): void {
  for (const name of SILENCED_VARIABLES) {
    const places = placesOf(node, name);
    if (places.length === 0) throw new Error(`Cannot build: this Node does not read "${name}" in a known way`);
    for (const place of places) node[place] = EQUALS;
  }
}

/** Where a name is a string of its own: ended by NUL in C++, or behind its length in V8's snapshot and code cache. */
function placesOf(node: Buffer, name: string): readonly number[] {
  const places: number[] = [];
  for (let at = node.indexOf(name); at !== -1; at = node.indexOf(name, at + 1)) {
    const isOfCpp = node[at - 1] === 0 && node[at + name.length] === 0;
    if (isOfCpp || (at >= 4 && node.readUInt32LE(at - 4) === name.length)) places.push(at);
  }
  return places;
}
