import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashHex } from "../../src/base/hashes.ts";
import { makeDependencyHome } from "../support/dependency-home.ts";
import { type RunResult, runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** A healthy home, of which copies are damaged. */
export interface DoctorHome {
  /** A copy that nothing is wrong with. */
  copy(): string;
  /** Runs the program in one of them. */
  pkg(home: string, words: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>;
  /** What is in it that a person, or a program, would miss: kinds, modes and contents by path. */
  treeOf(home: string): Readonly<Record<string, string>>;
}

/** Two versions of `x`, a directory with a man page, a program that needs another one, a key, an environment, and files of the user. */
export async function doctorHome(test: Cleanup): Promise<DoctorHome> {
  const world = await makeDependencyHome(test);
  const programOf = (name: string) => ({ path: `bin/${name}`, body: `#!/bin/sh\necho ${name}\n`, mode: 0o755 });
  await world.serve(
    { name: "x", version: "1.0" },
    { name: "x", version: "2.0" },
    {
      name: "d",
      version: "1.0",
      directory: [
        programOf("d"),
        { path: "share/man/man1/d.1", body: ".TH D 1\n" },
        { path: "bin/e", type: "2", target: "d" },
      ],
    },
    { name: "app", version: "1.0", needs: ["lib"] },
    { name: "lib", version: "1.0" },
    { name: "lone", version: "1.0" },
  );
  for (const line of [
    "install x@1.0",
    "install x",
    "install d",
    "install app",
    "run lone",
    "key generate --no-passphrase",
  ])
    await world.ok(line);
  writeFileSync(join(world.path, "bin/mine"), "#!/bin/sh\n", { mode: 0o755 });
  mkdirSync(join(world.path, "documents"));
  writeFileSync(join(world.path, "documents/notes.txt"), "mine");
  const root = tempDirectory(test);
  let copies = 0;
  return {
    copy() {
      copies += 1;
      const home = join(root, String(copies));
      cpSync(world.path, home, {
        recursive: true,
        verbatimSymlinks: true,
        preserveTimestamps: true,
        filter: (path) => path !== join(world.path, "served"),
      });
      return home;
    },
    pkg: (home, words, env = {}) =>
      runPkg(words, {
        home,
        env: { PATH: `${home}/bin:/usr/bin:/bin`, XDG_DATA_DIRS: `${home}/share:/usr/share`, ...env },
      }),
    treeOf: (home) =>
      Object.fromEntries(["packages", "bin", "share", "documents", "keys"].flatMap((name) => below(home, name))),
  };
}

function below(home: string, path: string): readonly (readonly [string, string])[] {
  const stats = lstatSync(join(home, path), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isSymbolicLink()) return [[path, `-> ${readlinkSync(join(home, path))}`]];
  const mode = (stats.mode & 0o7777).toString(8);
  if (!stats.isDirectory()) return [[path, `${mode} ${hashHex("sha256", readFileSync(join(home, path)))}`]];
  const names = readdirSync(join(home, path)).toSorted();
  return [[path, `${mode} directory`], ...names.flatMap((name) => below(home, `${path}/${name}`))];
}
