/**
 * Renews the trusted root of Sigstore's public instance: `node scripts/trusted-root.ts [VERSION]`.
 *
 * It is taken from the npm package of Sigstore's own client, which ships it as the seed of its updates; npm compares what
 * it fetches with the digest that is recorded beside it. Look at the difference before it is committed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { extract } from "tar";

const PACKAGE = "@sigstore/tuf";
const REPOSITORY = "https://tuf-repo-cdn.sigstore.dev";
const OUTPUT = join(dirname(import.meta.dirname), "src", "provenance", "trusted-root.json");

const work = mkdtempSync(join(tmpdir(), "pkg-trusted-root-"));
try {
  const { version, integrity } = fetchPackage(process.argv[2] ?? "latest");
  const trustedRoot = readSeed();
  writeFileSync(OUTPUT, `${JSON.stringify({ package: PACKAGE, version, integrity, trustedRoot }, null, 2)}\n`);
  console.log(`Wrote ${OUTPUT} from ${PACKAGE} ${version}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function fetchPackage(version: string): { readonly version: string; readonly integrity: string } {
  const command = ["pack", `${PACKAGE}@${version}`, "--json", "--pack-destination", work];
  const { status, stdout, stderr } = spawnSync("npm", command, { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot fetch ${PACKAGE}: ${stderr.trim()}`);
  // A list in older versions of npm, an object by name in newer ones.
  const [packed] = Object.values(JSON.parse(stdout));
  const { filename, ...rest } = packed as { filename: string; version: string; integrity: string };
  extract({ file: join(work, filename.replace(/^@/, "").replace("/", "-")), cwd: work, sync: true });
  return { version: rest.version, integrity: rest.integrity };
}

function readSeed(): unknown {
  const seeds = JSON.parse(readFileSync(join(work, "package", "seeds.json"), "utf8"));
  return JSON.parse(Buffer.from(seeds[REPOSITORY].targets["trusted_root.json"], "base64").toString("utf8"));
}
