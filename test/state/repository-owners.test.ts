import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { KeySet } from "../../src/package/key-set.ts";
import { openDatabase } from "../../src/state/database.ts";
import { createInstallations } from "../../src/state/installations.ts";
import { createJournal } from "../../src/state/journal.ts";
import { type AcceptedIndex, createRepositoryOwners } from "../../src/state/repository-owners.ts";
import { createTrustStore } from "../../src/state/trust.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { sampleInstallation } from "./sample-installation.ts";
import { trustRecord } from "./trust-record.ts";

const URL_ME = "oci://ghcr.io/me/index";
const NOW = Date.parse("2026-03-01T12:00:00Z");
const set = (version: number, ...keys: readonly string[]): KeySet => ({ version, threshold: 1, keys });
const [FIRST, SECOND, STRANGE] = [set(1, "RWfirst"), set(2, "RWsecond"), set(1, "RWstrange")];

/** No index is in place. */
const NOWHERE = () => null;

/** A database with what its home's config is taken to have. */
function world(t: TestContext) {
  const database = openDatabase(join(tempDirectory(t), "state.db"));
  t.after(() => database.close());
  const owners = createRepositoryOwners(database);
  const journal = createJournal(database);
  const installations = createInstallations(database);
  const accept = (facts: Partial<AcceptedIndex>) =>
    owners.accept({
      ...{
        name: "me",
        url: URL_ME,
        isBuiltInAddress: false,
        identity: null,
        keySet: null,
        signedAtMs: null,
        keySets: [],
      },
      ...{ isFirst: true, configured: [facts.name ?? "me"], now: NOW },
      ...facts,
    });
  /** An index of the first version that these sets led to. */
  const signed = (...keySets: readonly KeySet[]) => ({
    identity: "ghcr.io/me/index",
    keySet: keySets.at(-1) ?? null,
    keySets,
  });
  const install = (name: string, repository = "me") => {
    const installation = { ...sampleInstallation(name, { repository }), owner: installations.ownerOf(repository) };
    const intent = {
      installs: [{ installation, staging: "x" }],
      renewals: [],
      removals: [],
      links: [],
      unlinks: [],
      draft: ".x",
    };
    journal.commit(journal.begin(intent), intent, { directories: [], digests: [] });
  };
  const ownerOf = (name: string) => installations.get(name)?.owner ?? null;
  /** True when what is installed is not the present repository's own. */
  const isOrphan = (name: string) => ownerOf(name)?.isOrphan;
  return { database, owners, installations, accept, signed, install, ownerOf, isOrphan };
}

test("RepositoryOwners gives a removed repository its packages back if its keys show that it is the same", (t) => {
  const { owners, accept, signed, install, isOrphan, ownerOf } = world(t);
  accept(signed(FIRST));
  install("tool");
  assert.equal(isOrphan("tool"), false);
  assert.deepEqual(owners.retire("me", NOW), ["tool"]);
  assert.equal(isOrphan("tool"), true);
  accept({ ...signed(FIRST, SECOND), name: "mine", url: "https://mirror.example/index.json" });
  assert.equal(isOrphan("tool"), false, "its keys have changed since, signed by those before");
  assert.equal(ownerOf("tool")?.name, "mine");
});

test("RepositoryOwners gives what a removed repository had to no other of its name, identity or address", (t) => {
  const others: readonly Partial<AcceptedIndex>[] = [
    { ...world(t).signed(STRANGE) },
    { identity: "ghcr.io/evil/index", keySet: FIRST, keySets: [FIRST] },
    { identity: "ghcr.io/me/index", keySet: set(2, "RWfirst"), keySets: [STRANGE, set(2, "RWfirst")] },
    { keySet: null },
    { keySet: set(0, "RWstrange") },
    { keySet: set(0, "RWfirst") },
  ];
  for (const other of others) {
    const { owners, accept, signed, install, isOrphan, installations } = world(t);
    accept(signed(FIRST));
    install("tool");
    owners.retire("me", NOW);
    accept(other);
    assert.equal(isOrphan("tool"), true, JSON.stringify(other));
    assert.notEqual(installations.ownerOf("me")?.id, installations.get("tool")?.owner?.id);
    assert.deepEqual(
      owners.orphans("me").map((item) => item.package),
      ["tool"],
    );
  }
});

test("RepositoryOwners knows a repository without keys by its address, and an older form by its keys", (t) => {
  const table: readonly (readonly [Partial<AcceptedIndex>, Partial<AcceptedIndex>, boolean])[] = [
    [{}, {}, true],
    [{}, { name: "other" }, true],
    [{}, { url: "oci://ghcr.io/evil/index" }, false],
    [{ keySet: set(0, "RWa") }, { keySet: set(0, "RWa"), url: "https://mirror.example/list.json" }, true],
    [{ keySet: set(0, "RWa") }, { keySet: set(0, "RWb") }, false],
    [{ keySet: set(0, "RWa") }, {}, false],
  ];
  for (const [before, after, isSame] of table) {
    const { owners, accept, install, isOrphan } = world(t);
    accept(before);
    install("tool");
    owners.retire("me", NOW);
    accept(after);
    assert.equal(isOrphan("tool"), !isSame, JSON.stringify([before, after]));
  }
});

test("RepositoryOwners goes along with keys that were judged, and with no other address of an unsigned repository", (t) => {
  const { accept, signed, install, ownerOf, isOrphan } = world(t);
  accept({});
  install("plain");
  const id = ownerOf("plain")?.id;
  accept(signed(FIRST));
  accept({ ...signed(FIRST, SECOND), url: "https://elsewhere.example/", isFirst: false });
  assert.deepEqual([ownerOf("plain")?.id, isOrphan("plain")], [id, false]);

  const moved = world(t);
  moved.accept({});
  moved.install("tool");
  moved.accept({ url: "https://evil.example/" });
  assert.equal(moved.isOrphan("tool"), true, "the config has another address under the name");
  const builtIn = world(t);
  builtIn.accept({ isBuiltInAddress: true });
  builtIn.install("tool");
  builtIn.accept({ isBuiltInAddress: true, url: "https://newer.example/" });
  assert.equal(builtIn.isOrphan("tool"), false, "both addresses are the program's own");
  builtIn.accept({ url: "https://evil.example/" });
  assert.equal(builtIn.isOrphan("tool"), true, "the config has another address under the program's own name");
});

test("RepositoryOwners.settle() keeps what is known of a repository whose section was renamed", (t) => {
  const { database, owners, accept, signed, install, ownerOf } = world(t);
  const trust = createTrustStore(database);
  accept(signed(FIRST));
  trust.advance(trustRecord({ name: "me", url: URL_ME }), null);
  install("tool");
  owners.settle([{ name: "renamed", url: URL_ME, isBuiltInAddress: false }], NOWHERE);
  assert.equal(ownerOf("tool")?.name, "renamed");
  assert.deepEqual([trust.get("me"), trust.get("renamed")?.url], [null, URL_ME]);
  owners.settle(
    [
      { name: "renamed", url: URL_ME, isBuiltInAddress: false },
      { name: "second", url: URL_ME, isBuiltInAddress: false },
    ],
    NOWHERE,
  );
  assert.equal(trust.get("second"), null, "the first is still in the config");
  const sought = { name: "second", isItsAddress: (url: string) => url === URL_ME, identity: null };
  assert.equal(owners.signed(sought)?.name, "renamed");
  const elsewhere = { ...sought, isItsAddress: () => false };
  assert.equal(owners.signed(elsewhere), null);
  assert.equal(owners.signed({ ...elsewhere, identity: "ghcr.io/me/index" })?.name, "renamed");
});

test("RepositoryOwners.settle() binds what an older program installed, and orphans it if the config has no such repository", (t) => {
  const { database, owners, install, ownerOf, isOrphan } = world(t);
  for (const [name, repository] of [
    ["mine", "me"],
    ["gone", "removed"],
  ] as const)
    install(name, repository);
  createTrustStore(database).advance(trustRecord({ name: "me", url: URL_ME }), null);
  assert.deepEqual([ownerOf("mine"), ownerOf("gone")], [null, null], "as a migrated database has it");
  owners.settle([{ name: "me", url: URL_ME, isBuiltInAddress: false }], NOWHERE);
  assert.deepEqual([isOrphan("mine"), isOrphan("gone")], [false, true]);
  assert.equal(ownerOf("mine")?.identity, trustRecord({}).repository);
  owners.settle([{ name: "removed", url: "https://evil.example/", isBuiltInAddress: false }], NOWHERE);
  assert.equal(isOrphan("gone"), true);
});

test("RepositoryOwners.settle() binds packages to the address that their index came from, not to one written since", (t) => {
  const { database, owners, install } = world(t);
  install("tool");
  const configured = [{ name: "me", url: "https://evil.example/", isBuiltInAddress: false }];
  owners.settle(configured, (name) => (name === "me" ? URL_ME : null));
  assert.equal(createInstallations(database, configured).get("tool")?.owner?.isOrphan, true);
  const before = [{ name: "me", url: URL_ME, isBuiltInAddress: false }];
  assert.equal(createInstallations(database, before).get("tool")?.owner?.isOrphan, false);
});

test("createInstallations() takes packages for orphans if the config has lost their repository, or its address", (t) => {
  const { database, accept, install } = world(t);
  accept({});
  install("tool");
  const seen = (url: string | null) => {
    const configured = url === null ? [] : [{ name: "me", url, isBuiltInAddress: false }];
    return createInstallations(database, configured).get("tool")?.owner?.isOrphan;
  };
  assert.deepEqual([seen(URL_ME), seen(null), seen("https://evil.example/")], [false, true, true]);
});
