import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { generateFiles } from "../scripts/generate-schema.ts";
import { validateConfig } from "../src/generated/config-schema.js";
import { validateLock, validatePackages } from "../src/generated/declaration-schema.js";
import {
  type Validator,
  validateG1,
  validateG2,
  validateG3,
  validateIndexHeader,
  validatePackage,
} from "../src/generated/index-schema.js";
import { validatePublish } from "../src/generated/publication-schema.js";
import { realFiles } from "./support/real-data.ts";

const ROOT = join(import.meta.dirname, "..");
const EXAMPLES = join(ROOT, "metadata-schema/v1/examples");

const VALIDATORS: Readonly<Record<string, Validator<unknown>>> = {
  g1: validateG1,
  g2: validateG2,
  g3: validateG3,
  package: validatePackage,
  index: validateIndexHeader,
  publish: validatePublish,
  config: validateConfig,
  packages: validatePackages,
  lock: validateLock,
};

function examples(kind: "valid" | "invalid") {
  return readdirSync(join(EXAMPLES, kind)).map((file) => {
    const validate = VALIDATORS[file.split("-")[0] ?? ""];
    if (validate === undefined) throw new Error(`${file} begins with the name of no schema`);
    const value: unknown = JSON.parse(readFileSync(join(EXAMPLES, kind, file), "utf8"));
    return { name: basename(file, ".json"), validate, value };
  });
}

describe("metadata-schema/v1", () => {
  it("generateFiles() gives the files that are checked in when it is run again", async () => {
    for (const [path, content] of await generateFiles()) {
      assert.equal(readFileSync(join(ROOT, path), "utf8"), content, `${path} is out of date: run \`npm run generate\``);
    }
  });

  it("the generated validators import nothing", () => {
    for (const path of ["src/generated/index-schema.js", "src/generated/config-schema.js"]) {
      assert.doesNotMatch(readFileSync(join(ROOT, path), "utf8"), /^\s*import\s|\brequire\("(?!ajv\/)/m, path);
    }
  });

  for (const { name, validate, value } of examples("valid")) {
    it(`accepts ${name}`, () => assert.ok(validate(value), JSON.stringify(validate.errors)));
  }

  for (const { name, validate, value } of examples("invalid")) {
    it(`refuses ${name}`, () => {
      assert.equal(validate(value), false);
      assert.ok((validate.errors?.length ?? 0) > 0);
    });
  }

  it("every schema has a description on each field", () => {
    for (const name of Object.keys(VALIDATORS)) {
      const schema = JSON.parse(readFileSync(join(ROOT, `metadata-schema/v1/${name}.schema.json`), "utf8"));
      assert.deepEqual(undescribed(schema), [], name);
    }
  });

  it("validateConfig() names the keys there are when one is unknown", () => {
    validateConfig({ repositories: { mine: { key: "x" } } });
    const [error] = validateConfig.errors ?? [];
    assert.equal(error?.instancePath, "/repositories/mine");
    assert.equal(error?.params["additionalProperty"], "key");
    assert.ok(Object.hasOwn(error?.parentSchema?.properties ?? {}, "keys"));
  });

  const { where: files, skip } = realFiles();
  it("every entry of the real indexes fits", { skip }, () => {
    for (const file of files) {
      const document: unknown = JSON.parse(readFileSync(file, "utf8"));
      for (const entry of Array.isArray(document) ? document : [document]) {
        assert.ok(validateG1(entry), JSON.stringify(validateG1.errors));
      }
    }
  });
});

function undescribed(schema: unknown, path = ""): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const missing: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") {
      for (const [name, field] of Object.entries(value)) {
        if (typeof field === "object" && field !== null && !("description" in field)) missing.push(`${path}.${name}`);
      }
    }
    missing.push(...undescribed(value, `${path}.${key}`));
  }
  return missing;
}
