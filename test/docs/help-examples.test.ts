import assert from "node:assert/strict";
import { test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { hashHex } from "../../src/base/hashes.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { helpWorld } from "./help-world.ts";

/** Registries of the examples; one stands in for all of them. */
const REGISTRIES = /ghcr\.io|127\.0\.0\.1:5000|localhost:5000|registry\.example/g;

/** What has been typed before an example makes sense, by how it begins. */
const BEFORE: readonly (readonly [example: RegExp, before: string])[] = [
  [
    /^pkg (?:remove|drop|pin|unpin|link|unlink|use|versions|changes|update|outdated|list|files|owns|which|why|info|verify)/,
    "pkg install trurl@8.13.0",
  ],
  [/^pkg (?:remove|drop|update|outdated|list|files|owns|why|info|verify)/, "pkg install trurl@8.13.0"],
  [/^pkg (?:--profile work|profile remove work)/, "pkg profile create work"],
  [/^pkg (?:undo|rollback|history|diff)/, "pkg install trurl@8.13.0 && pkg update trurl@8.14.1"],
  [/^pkg apply --locked --from/, "pkg lock && pkg bundle create --lock packages.lock -o project.tar --force"],
  [/^pkg (?:apply --locked|bundle create --lock)/, "pkg lock"],
  [/^pkg install --from/, "pkg bundle create trurl -o air-gap.tar"],
  [/^pkg export -o/, "rm packages.toml"],
  [/^pkg repo add \.\/air-gap/, "pkg bundle create trurl -o air-gap.tar --force"],
  [/^pkg repo add tools/, "pkg repo remove tools"],
  [/^pkg repo trust tools/, "pkg repo remove tools && pkg repo add tools ghcr.io/me/index"],
  [/^pkg init/, "rm pkg.json"],
  [/^pkg key import ~/, "rm -r .config/pkg/keys"],
  [/^pkg key import release.key/, "rm .config/pkg/keys/release.*"],
  [/^pkg key generate$/, "rm .config/pkg/keys/default.*"],
  [/^pkg key generate release/, "rm .config/pkg/keys/release.*"],
  [/^pkg index build (?:ghcr.io|--prefix)/, "rm -r index"],
  [
    /^pkg index publish ghcr.io\/me\/index index$/,
    "rm -r index && pkg index build --previous ghcr.io/me/index && pkg index sign index",
  ],
  [
    /^pkg index sign/,
    "rm -r index && pkg index build ghcr.io/tools/trurl --repository other --trust default --trust release",
  ],
  [/^pkg registry passwd .* --delete/, "echo secret | pkg registry passwd alice --htpasswd users --password-stdin"],
  [/^pkg registry gc/, "mkdir -p registry/blobs/sha256"],
  [/^pkg repo enable/, "pkg repo disable soarpkgs"],
  [/^pkg logout/, "echo $TOKEN | pkg login GUARDED -u NAME --password-stdin"],
];

/** The tests run no program of its own, so none is replaced. */
const FROM_SOURCES = /it runs from a checkout/;

/** What is said where there is no terminal to ask on, and where nobody attached what is asked for. */
const OTHERWISE: Readonly<Record<string, RegExp>> = {
  "pkg login localhost:5000": /there is no terminal to ask on/,
  "pkg registry passwd alice --htpasswd users": /there is no terminal to ask for the password on/,
  "pkg lock --platform linux/amd64 --platform linux/arm64": /no entry of its index can be used/,
  "pkg bundle create trurl --platform linux/arm64 -o arm64.tar": /Nothing was written/,
  "pkg self update": FROM_SOURCES,
  "pkg self update --check": FROM_SOURCES,
  "pkg self rollback": FROM_SOURCES,
  "pkg self rollback --dry-run": FROM_SOURCES,
  "pkg self uninstall --dry-run": FROM_SOURCES,
  "pkg self uninstall --purge --dry-run": FROM_SOURCES,
  "pkg init": /it has no "reference"/,
  "pkg info trurl --provenance": /Ask the publisher to attach one/,
};
/** They run until they are stopped. */
const SERVING = /^pkg registry serve/;
/** Locking a key takes seconds, on purpose; one example does it. */
const LOCKING = /^pkg key (?:generate|import)(?!.*passphrase)/;

/** What is typed in addition, so that a test can run it. */
function alsoTyped(line: string): string {
  if (SERVING.test(line)) return " --port 0";
  return LOCKING.test(line) ? " --no-passphrase" : "";
}

const LINES = [
  ...new Set(
    (await commandPages(COMMANDS)).flatMap(({ examples }) => examples.map(([line]) => line.replaceAll("$0", "pkg"))),
  ),
];

test("every example of --help does what it is for", async (t) => {
  const world = await helpWorld(t);
  const { output } = await world.run(
    `pkg oci resolve ${world.host}/a/b:older; pkg oci resolve ${world.host}/owner/name:v1-arm64`,
  );
  const [older = "", arm = ""] = output.trim().split("\n");
  const blob = `sha256:${hashHex("sha256", Buffer.from("file"))}`;
  const typed = (line: string) =>
    line
      .replaceAll(/^(.*login) ghcr\.io/g, `$1 ${world.guardedHost}`)
      .replaceAll("GUARDED", world.guardedHost)
      .replaceAll("ghcr.io/…/7z@sha256:…", `${world.host}/owner/name@${blob}`)
      .replaceAll(/(manifest delete \S+@)sha256:…/g, `$1${older}`)
      .replaceAll("@sha256:…=", `@${arm}=`)
      .replaceAll("ghcr.io/owner/name@sha256:…", `ghcr.io/owner/name@${blob}`)
      .replaceAll("a/b@sha256:…", `a/b@${blob}`)
      .replace(/git#.*$/m, "$& --allow-name git")
      .replaceAll("--repository ghcr.io/me/index", "--repository ghcr.io/me/fresh")
      .replaceAll("https://example.org/index.json.zst", world.indexUrl)
      .replaceAll("RWQ…", world.key)
      .replaceAll(REGISTRIES, world.host);
  for (const line of LINES) {
    const before = BEFORE.filter(([pattern]) => pattern.test(line)).map(([, steps]) => steps);
    await t.test(line, async () => {
      world.restore();
      for (const step of before.flatMap((steps) => steps.split(" && "))) {
        const { status, output } = await world.run(typed(step));
        assert.equal(status, 0, `${step}: ${output}`);
      }
      const { status, output } = await world.run(typed(`${line}${alsoTyped(line)}`));
      assert.doesNotMatch(output, /Cannot run "pkg|This is a bug/);
      const otherwise = OTHERWISE[line];
      if (otherwise !== undefined) assert.match(output, otherwise);
      else if (SERVING.test(line)) assert.match(output, /http:\/\//);
      else assert.equal(status, 0, output);
    });
  }
});
