import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { namesOf } from "../../src/cli/entries.ts";
import { isRedrawable } from "../../src/cli/output-options.ts";
import { type Parsed, parseCommandLine } from "../../src/cli/parse.ts";
import { DESTRUCTIVE, suggestCommand } from "../../src/cli/suggest.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

function parse(line: string): Promise<Parsed> {
  const words = line.split(" ").filter((word) => word !== "");
  return parseCommandLine({ entries: COMMANDS, words, version: "1.2.3", columns: 80 });
}

async function textOf(line: string): Promise<string> {
  const parsed = await parse(line);
  assert.equal(parsed.kind, "text", line);
  return parsed.kind === "text" ? parsed.text : "";
}

async function commandOf(line: string): Promise<unknown> {
  const parsed = await parse(line);
  assert.equal(parsed.kind, "command", line);
  return parsed.kind === "command" ? parsed.command : null;
}

suite("parseCommandLine() gives help", () => {
  const asked: readonly (readonly [line: string, usage: string])[] = [
    ...["", "-h", "--help", "help", "help help", "--json", "-h --json"].map((line) => [line, "pkg <command>"] as const),
    ...["install -h", "help install", "-h install", "help i", "install --frob --help"].map(
      (line) => [line, "pkg install [packages..]"] as const,
    ),
    ...["repo -h", "help repo", "repo help", "--home h repo --help"].map(
      (line) => [line, "pkg repo <command>"] as const,
    ),
    ...["repo add -h", "help repo add", "repo help add"].map(
      (line) => [line, "pkg repo add <repository> [url]"] as const,
    ),
    ["help oci manifest fetch", "pkg oci manifest fetch <reference>"],
    ["oci blob --help", "pkg oci blob <command>"],
  ];
  for (const [line, usage] of asked) {
    test(`pkg ${line}`, async () => assert.match(await textOf(line), new RegExp(`^Usage: ${escaped(usage)} `, "m")));
  }

  test("on the environment", async () => {
    assert.match(await textOf("help environment"), /^ {2}HTTPS_PROXY +The proxy for https/m);
  });

  test("on nothing that does not exist", async () => {
    await assert.rejects(parse("help instal"), { code: "USAGE", hint: /^Did you mean install\?/ });
    await assert.rejects(parse("help repo ad"), { code: "USAGE", hint: /^Did you mean add\?/ });
    await assert.rejects(parse("frob --help"), { code: "USAGE", message: /no command "frob"/ });
  });

  test("that begins with the command's own arguments and options", async () => {
    const help = await textOf("install --help");
    assert.ok(help.indexOf("Arguments:") < help.indexOf("Options:"));
    assert.ok(help.indexOf("Options:") < help.indexOf("Examples:"));
    assert.ok(help.indexOf("Examples:") < help.indexOf("Options of every command:"));
  });

  test("within 80 columns, but for examples, which are never broken", async () => {
    for (const { words, examples } of await commandPages(COMMANDS)) {
      const lines = (await textOf(`${words.join(" ")} --help`)).split("\n");
      const typed = examples.map(([line]) => `    ${line.replaceAll("$0", "pkg")}`);
      for (const line of typed) assert.ok(lines.includes(line), line);
      for (const line of lines) assert.ok(line.length <= 80 || typed.includes(line), `${words.join(" ")}: ${line}`);
    }
  });

  test("that names the value of each option that takes one", async () => {
    for (const { words, options } of await commandPages(COMMANDS)) {
      const help = await textOf(`${words.join(" ")} --help`);
      for (const [name, { type, hidden }] of options) {
        if (hidden !== true && type !== "boolean") assert.match(help, new RegExp(`--${name} <[^>]+>`), words.join(" "));
      }
    }
  });
});

suite("parseCommandLine() gives the version", () => {
  for (const line of ["--version", "-V", "version", "version --json", "--json -V", "list --version", "-q --version"]) {
    test(`pkg ${line}`, async () => assert.equal(await textOf(line), "1.2.3"));
  }

  test("never where a version of a package was meant", async () => {
    for (const line of ["install x --version 8", "install x --version=8", "remove x --version"]) {
      await assert.rejects(parse(line), { code: "USAGE", message: /"--version"/, hint: /NAME@VERSION/ });
    }
  });

  test("as JSON", async (t) => {
    const home = tempHome(t);
    const { version } = JSON.parse(JSON.stringify(jsonOf(await runPkg(["--version", "--json"], { home }))));
    assert.equal((await runPkg(["--version"], { home })).stdout, `${version}\n`);
  });
});

suite("parseCommandLine() knows the words of other tools", () => {
  const same: readonly (readonly [line: string, as: string])[] = [
    ["up", "update"],
    ["upgrade", "update"],
    ["in x", "install x"],
    ["un x", "remove x"],
    ["show x", "info x"],
    ["ls x", "list x"],
    ["repo ls", "repo list"],
    ["repo rm x", "repo remove x"],
    ["key ls", "key show"],
    ["reinstall x", "install x"],
  ];
  for (const [line, as] of same) {
    test(`pkg ${line}`, async () => assert.equal(await commandOf(line), await commandOf(as)));
  }

  test("reinstall sets --reinstall", async () => {
    const parsed = await parse("reinstall x");
    assert.equal(parsed.kind === "command" && Reflect.get(parsed.args, "reinstall"), true);
  });
});

/** Lines that are refused, with what may have been meant. */
const SUGGESTED: readonly (readonly [line: string, hint: RegExp])[] = [
  ["instal x", /^Did you mean install\?/],
  ["INSTALL x", /^Did you mean install\?/],
  ["serach x", /^Did you mean search\?/],
  ["tap x", /^Did you mean repo add\?/],
  ["-- list", /^Did you mean pkg list\?/],
  ["--color never list", /^Did you mean --color=never\?/],
  ["list --color never x --frob", /`pkg list --help`/],
  ["config --json true", /^Did you mean --json=true\?/],
  ["install x --dry-runn", /^Did you mean --dry-run\?/],
  ["install x --dryRun", /^Did you mean --dry-run\?/],
  ["install x --dry_run", /^Did you mean --dry-run\?/],
  ["install x -force", /^Did you mean --force\?/],
  ["install x \u2014force", /^Did you mean --force\?/],
  ["install x --Force", /^Did you mean --force\?/],
  ["list --verb", /^Did you mean --verbose\?/],
  ["pull x -o7z", /^Did you mean -o 7z\?/],
  ["pull x -output 7z", /^Did you mean --output\?/],
  ["search x --limit --json", /^Type --limit=--json/],
];

test("parseCommandLine() suggests what may have been meant", async (t) => {
  for (const [line, hint] of SUGGESTED) {
    await t.test(`pkg ${line}`, () => assert.rejects(parse(line), { code: "USAGE", hint }));
  }
});

suite("suggestCommand()", () => {
  const near = "aemnrvx-";
  const slips = (word: string) =>
    Array.from(word, (_, at) => [
      word.slice(0, at) + word.slice(at + 1),
      ...Array.from(near, (letter) => word.slice(0, at) + letter + word.slice(at + 1)),
      ...Array.from(near, (letter) => word.slice(0, at) + letter + word.slice(at)),
    ]).flat();

  test("suggests nothing that takes something away, unless the word begins it", () => {
    for (const word of [
      "run",
      "rum",
      "clean",
      "rn",
      ...[...DESTRUCTIVE].flatMap(slips),
      ...COMMANDS.flatMap(namesOf).flatMap(slips),
    ]) {
      const suggested = suggestCommand(word, COMMANDS, true);
      if (suggested === null || !DESTRUCTIVE.has(suggested)) continue;
      const bare = word.toLowerCase().replaceAll("-", "");
      assert.ok(suggested.startsWith(bare), `${word}: ${suggested}`);
    }
  });

  test("knows every command that takes something away", async () => {
    const pages = (await commandPages(COMMANDS)).filter(({ description }) =>
      /^(?:Remove|Delete|Forget)/.test(description),
    );
    assert.ok(pages.length > 5);
    for (const { words, aliases } of pages) {
      for (const name of [words.at(-1) ?? "", ...aliases.map((alias) => alias.split(" ").at(-1) ?? "")]) {
        assert.ok(DESTRUCTIVE.has(name), name);
      }
    }
  });
});

suite("run() takes --color, then the environment, then the terminal", () => {
  const cases: readonly (readonly [words: string, env: Record<string, string>, isColored: boolean])[] = [
    ["", {}, false],
    ["--color", {}, true],
    ["--color=always", { NO_COLOR: "1", TERM: "dumb" }, true],
    ["--color=never", { FORCE_COLOR: "1" }, false],
    ["--no-color", { FORCE_COLOR: "1" }, false],
    ["--color=auto", { FORCE_COLOR: "1" }, true],
    ["--color=auto", {}, false],
    ["", { FORCE_COLOR: "1" }, true],
    ["", { FORCE_COLOR: "0" }, false],
    ["", { CLICOLOR_FORCE: "1" }, true],
    ["", { CLICOLOR_FORCE: "0" }, false],
    ["", { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ["", { FORCE_COLOR: "", NO_COLOR: "" }, false],
  ];
  for (const [word, env, isColored] of cases) {
    test(`pkg ${word} with ${JSON.stringify(env)}`, async (t) => {
      const home = tempHome(t);
      const add = ["repo", "add", "tools", "https://example.org/index.json", "--offline"];
      const { stdout } = await runPkg([...add, ...(word === "" ? [] : [word])], {
        home,
        env: { NO_COLOR: "", ...env },
      });
      assert.match(stdout, /added/);
      assert.equal(stdout.includes("\u001b["), isColored, stdout);
    });
  }

  test("and redraws progress without colour too, but not on a dumb terminal", () => {
    assert.deepEqual([{}, { NO_COLOR: "1" }, { TERM: "xterm" }, { TERM: "dumb" }].map(isRedrawable), [
      true,
      true,
      true,
      false,
    ]);
  });

  test("and refuses what is none of these", async () => {
    await assert.rejects(parse("list --color=maybe"), {
      message: /--color: expected one of "auto", "always", "never"/,
    });
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
