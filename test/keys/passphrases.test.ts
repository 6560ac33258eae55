import assert from "node:assert/strict";
import { openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { openPassphrases, type PassphraseSources } from "../../src/keys/passphrases.ts";
import { tempDirectory } from "../support/temp-home.ts";

async function* nothing(): AsyncGenerator<Uint8Array> {}
async function* input(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A person who gives these answers, and what that person was asked. */
function person(...answers: readonly string[]) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answers[asked.length - 1] ?? null;
  };
  return { asked, ask };
}

const sources = (more: Partial<PassphraseSources> = {}): PassphraseSources => ({
  passphraseFd: null,
  environment: null,
  stdin: nothing(),
  ask: person().ask,
  ...more,
});

/** A descriptor that reads `text`; the stream over it closes it. */
function descriptorOf(t: TestContext, text: string): number {
  const path = join(tempDirectory(t), "passphrases");
  writeFileSync(path, text);
  return openSync(path, "r");
}

test("openPassphrases() asks a person only when nothing else gives a passphrase", async (t) => {
  const { asked, ask } = person("typed");
  assert.equal(await openPassphrases(sources({ ask })).next("?"), "typed");
  assert.equal(await openPassphrases(sources({ ask, environment: "set" })).next("?"), "set");
  const passphraseFd = descriptorOf(t, "given\n");
  assert.equal(await openPassphrases(sources({ ask, environment: "set", passphraseFd })).next("?"), "given");
  assert.deepEqual(asked, ["?"]);
  assert.equal(await openPassphrases(sources()).next("?"), null);
});

test("openPassphrases() accepts an empty passphrase from the environment: minisign can lock keys with it", async () => {
  assert.equal(await openPassphrases(sources({ environment: "" })).next("?"), "");
  assert.equal(
    await openPassphrases(sources({ environment: "with what echo leaves\n" })).next("?"),
    "with what echo leaves",
  );
});

const GIVEN: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ["one line for every key", "one\n", ["one", "one"]],
  ["no line break at the end", "one", ["one", "one"]],
  ["a line for each key", "one\ntwo\n", ["one", "two", "two"]],
  ["lines as Windows ends them", "one\r\ntwo\r\n", ["one", "two"]],
  ["blanks, which belong to it", " one \n", [" one "]],
  ["an empty line", "\n", [""]],
];

test("openPassphrases() reads lines from a descriptor", async (t) => {
  for (const [name, text, expected] of GIVEN) {
    await t.test(name, async (t) => {
      const passphrases = openPassphrases(sources({ passphraseFd: descriptorOf(t, text) }));
      for (const line of expected) assert.equal(await passphrases.next("?"), line);
    });
  }
});

test("openPassphrases() reads descriptor 0 from standard input", async () => {
  const passphrases = openPassphrases(sources({ passphraseFd: 0, stdin: input("piped\n") }));
  assert.equal(await passphrases.next("?"), "piped");
});

test("openPassphrases() refuses a descriptor that gives nothing usable", async (t) => {
  const descriptors = [
    descriptorOf(t, ""),
    descriptorOf(t, "x".repeat(1024)),
    descriptorOf(t, "x\n".repeat(40_000)),
    987,
    // Those that Node has opened for itself, a pipe of both ends among them.
    ...(process.platform === "linux" ? [3, 4, 5, 9] : []),
  ];
  for (const passphraseFd of descriptors) {
    await assert.rejects(openPassphrases(sources({ passphraseFd })).next("?"), (error) => {
      assert.ok(hasCode(error, "USAGE"), String(error));
      assert.doesNotMatch(error.message, /xx/);
      return true;
    });
  }
});

test("choose() asks twice, and refuses two different answers", async () => {
  const careful = person("secret", "secret");
  assert.equal(await openPassphrases(sources(careful)).choose("release"), "secret");
  assert.equal(careful.asked.length, 2);
  await assert.rejects(openPassphrases(sources(person("secret", "secert"))).choose("release"), (error) => {
    assert.ok(hasCode(error, "USAGE"), String(error));
    assert.doesNotMatch(error.message, /sec[re]{2}t/);
    return true;
  });
  await assert.rejects(openPassphrases(sources(person("secret"))).choose("release"), (error) =>
    hasCode(error, "USAGE"),
  );
  assert.equal(await openPassphrases(sources()).choose("release"), null);
});
