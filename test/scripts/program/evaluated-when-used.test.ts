import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluatedWhenUsed } from "../../../scripts/program/evaluated-when-used.ts";

const CASES: readonly (readonly [string, string, string])[] = [
  [
    "what is imported of another chunk",
    'var import_A=require("./A.js"),import_B=require("./B.js");function f(){return[...import_A.list,new import_B.Thing]}',
    'var import_A=later(()=>require("./A.js")),import_B=later(()=>require("./B.js"));function f(){return[...import_A.now.list,new import_B.now.Thing]}',
  ],
  [
    "what is imported of Node, but for what is loaded anyway",
    'var import_node_crypto=require("node:crypto"),import_node_fs=require("node:fs");(0,import_node_crypto.hash)(import_node_fs.x);',
    'var import_node_crypto=later(()=>require("node:crypto")),import_node_fs=require("node:fs");(0,import_node_crypto.now.hash)(import_node_fs.x);',
  ],
  [
    "a package that is CommonJS",
    'var import_C=require("./C.js");var import_semver=(0,import_C.__toESM)((0,import_C.require_semver)(),1);import_semver.default.valid(a);',
    'var import_C=later(()=>require("./C.js"));var import_semver=later(()=>(0,import_C.now.__toESM)((0,import_C.now.require_semver)(),1));import_semver.now.default.valid(a);',
  ],
  ["a chunk that is required for its turn alone", 'require("./A.js");var a=1;', "var a=1;"],
];

for (const [what, code, expected] of CASES) {
  test(`evaluatedWhenUsed() defers ${what}`, () => {
    assert.equal(evaluatedWhenUsed(code), expected);
  });
}
