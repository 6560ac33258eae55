/** What a launcher starts; names that isSafeName() takes. */
export interface Launched {
  /** The program, in `libexec` beside the launcher. */
  readonly program: string;
  /** The dynamic linker, in `lib` beside the launcher, with the libraries. */
  readonly interpreter: string;
}

/**
 * A script that starts a program with the dynamic linker and the libraries beside it, wherever they are moved to and through
 * whatever link it is called. Its own name is the program's, so that the program is told the name that it knows.
 *
 * @see ld.so(8), `--library-path`
 */
export function launcherScript({ program, interpreter }: Launched): string {
  return `#!/bin/sh
own=$(readlink -f -- "$0") || exit 127
here=\${own%/*}
exec "$here/lib/${interpreter}" --library-path "$here/lib" "$here/libexec/${program}" "$@"
`;
}
