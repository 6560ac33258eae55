// Generated from metadata-schema/v1 by scripts/generate-schema.ts. Do not edit: run `npm run generate`.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// node_modules/fast-deep-equal/index.js
var require_fast_deep_equal = __commonJS({
  "node_modules/fast-deep-equal/index.js"(exports, module) {
    "use strict";
    module.exports = function equal(a, b) {
      if (a === b) return true;
      if (a && b && typeof a == "object" && typeof b == "object") {
        if (a.constructor !== b.constructor) return false;
        var length, i, keys;
        if (Array.isArray(a)) {
          length = a.length;
          if (length != b.length) return false;
          for (i = length; i-- !== 0; )
            if (!equal(a[i], b[i])) return false;
          return true;
        }
        if (a.constructor === RegExp) return a.source === b.source && a.flags === b.flags;
        if (a.valueOf !== Object.prototype.valueOf) return a.valueOf() === b.valueOf();
        if (a.toString !== Object.prototype.toString) return a.toString() === b.toString();
        keys = Object.keys(a);
        length = keys.length;
        if (length !== Object.keys(b).length) return false;
        for (i = length; i-- !== 0; )
          if (!Object.prototype.hasOwnProperty.call(b, keys[i])) return false;
        for (i = length; i-- !== 0; ) {
          var key = keys[i];
          if (!equal(a[key], b[key])) return false;
        }
        return true;
      }
      return a !== a && b !== b;
    };
  }
});

// node_modules/ajv/dist/runtime/equal.js
var require_equal = __commonJS({
  "node_modules/ajv/dist/runtime/equal.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    var equal = require_fast_deep_equal();
    equal.code = 'require("ajv/dist/runtime/equal").default';
    exports.default = equal;
  }
});

// <stdin>
var validateG1 = validate52;
var schema19 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "G1Entry", "description": "An entry of a first-generation index (a JSON array): every scalar is a JSON string, also booleans and numbers.", "type": "object", "required": ["version", "ghcr_pkg"], "if": { "not": { "required": ["pkg_name"] } }, "then": { "required": ["pkg"] }, "properties": { "_disabled": { "$ref": "common.schema.json#/$defs/flagText", "description": "`true`: the entry is withdrawn and cannot be installed." }, "pkg": { "$ref": "common.schema.json#/$defs/name", "description": "Name of the recipe, e.g. `7z.static`; used as `pkg_name` when that is missing." }, "pkg_name": { "$ref": "common.schema.json#/$defs/name", "description": "Name the package is installed as, e.g. `7z`." }, "pkg_family": { "$ref": "common.schema.json#/$defs/label", "description": "Family the package belongs to, e.g. `curl`; typed as `family/name`." }, "pkg_id": { "$ref": "common.schema.json#/$defs/label", "description": "Identity of the package, e.g. `github.com.ip7z.7zip`; with name, version and type it identifies an entry." }, "pkg_type": { "$ref": "common.schema.json#/$defs/label", "description": "Kind of program: `static`, `dynamic`, `archive`, `appimage`, `appbundle`, `flatimage`, `gameimage`, `nixappimage`, `runimage`, `onelf`." }, "version": { "$ref": "common.schema.json#/$defs/version", "description": "Version of the package: semver, a date, `HEAD-<commit>-<time>` or anything else. Case matters." }, "version_upstream": { "description": "Newest version upstream. Not used by `pkg`, so never a reason to refuse the entry." }, "version_latest": { "description": "Newest version known when the index was made. Not used by `pkg`, so never a reason to refuse the entry." }, "version_outdated": { "description": "Whether upstream has a newer version. Not used by `pkg`, so never a reason to refuse the entry." }, "host": { "$ref": "common.schema.json#/$defs/label", "description": "Platform that the program runs on, e.g. `x86_64-Linux`; compared case-insensitively." }, "description": { "$ref": "common.schema.json#/$defs/text", "description": "What the program does, in a sentence." }, "ghcr_pkg": { "$ref": "common.schema.json#/$defs/reference", "description": "Reference of the whole artifact by tag, e.g. `ghcr.io/pkgforge/bincache/curl/stunnel/trurl:8.11.1-x86_64-linux`." }, "ghcr_blob": { "$ref": "common.schema.json#/$defs/blob", "description": "Reference of the main file's blob by digest; of a list, the one whose digest is `shasum`. Must agree with `shasum`." }, "ghcr_files": { "$ref": "common.schema.json#/$defs/titles", "description": "Titles of all files in the artifact." }, "ghcr_size": { "description": "Size of all files, for people. Not used by `pkg`, so never a reason to refuse the entry." }, "ghcr_size_raw": { "$ref": "common.schema.json#/$defs/numberText", "description": "Bytes of all files." }, "ghcr_url": { "description": "Web page of the artifact. Not used by `pkg`, so never a reason to refuse the entry." }, "size": { "description": "Size of the main file, for people. Not used by `pkg`, so never a reason to refuse the entry." }, "size_raw": { "$ref": "common.schema.json#/$defs/numberText", "description": "Bytes of the main file." }, "shasum": { "$ref": "common.schema.json#/$defs/hash", "description": "SHA-256 of the main file, lower-case hex." }, "bsum": { "$ref": "common.schema.json#/$defs/hash", "description": "BLAKE3 of the main file, lower-case hex." }, "provides": { "$ref": "common.schema.json#/$defs/provides", "description": "Programs and links: `a` (a program), `a==b` (kept under both names), `a=>b` (linked as `b` only), `a:b` (alias), `@a` (extra program). May list programs that the artifact does not carry." }, "snapshots": { "$ref": "common.schema.json#/$defs/snapshots", "description": "Older tags that can still be pulled, each as `tag[version]` or `tag`." }, "homepage": { "$ref": "common.schema.json#/$defs/urls", "description": "Addresses of the project." }, "src_url": { "$ref": "common.schema.json#/$defs/urls", "description": "Addresses of the source code." }, "license": { "$ref": "common.schema.json#/$defs/texts", "description": "Licences, by SPDX name where there is one." }, "maintainer": { "$ref": "common.schema.json#/$defs/texts", "description": "Maintainers of the package, each as `Name (contact)`." }, "note": { "$ref": "common.schema.json#/$defs/texts", "description": "Notes for people who install the package." }, "category": { "$ref": "common.schema.json#/$defs/texts", "description": "Desktop categories." }, "tag": { "$ref": "common.schema.json#/$defs/texts", "description": "Words that searches find the package by." }, "replaces": { "$ref": "common.schema.json#/$defs/texts", "description": "Values of `pkg_id` that this package replaces." }, "repology": { "description": "Names of the project at Repology. Not used by `pkg`, so never a reason to refuse the entry." }, "rank": { "$ref": "common.schema.json#/$defs/numberText", "description": "Rank by popularity, 1 first." }, "download_count": { "$ref": "common.schema.json#/$defs/numberText", "description": "Downloads so far." }, "download_count_week": { "description": "Downloads in the last week. Not used by `pkg`, so never a reason to refuse the entry." }, "download_count_month": { "description": "Downloads in the last month. Not used by `pkg`, so never a reason to refuse the entry." }, "deprecated": { "$ref": "common.schema.json#/$defs/flagText", "description": "`true`: no longer maintained; still installable." }, "installable": { "$ref": "common.schema.json#/$defs/flagText", "description": "`false`: listed, but cannot be installed." }, "build_date": { "$ref": "common.schema.json#/$defs/label", "description": "When it was built, ISO 8601." }, "build_id": { "description": "Id of the build. Not used by `pkg`, so never a reason to refuse the entry." }, "build_gha": { "description": "Address of the build's run. Not used by `pkg`, so never a reason to refuse the entry." }, "build_log": { "description": "Address of the build's log. Not used by `pkg`, so never a reason to refuse the entry." }, "build_script": { "description": "Address of the recipe. Not used by `pkg`, so never a reason to refuse the entry." }, "app_id": { "description": "Id of the desktop application. Not used by `pkg`, so never a reason to refuse the entry." }, "appstream": { "description": "Address of the AppStream file. Not used by `pkg`, so never a reason to refuse the entry." }, "bundle": { "description": "Whether it is a bundle of several programs. Not used by `pkg`, so never a reason to refuse the entry." }, "desktop": { "description": "Address of the desktop file. Not used by `pkg`, so never a reason to refuse the entry." }, "desktop_integration": { "description": "Whether it integrates with a desktop. Not used by `pkg`, so never a reason to refuse the entry." }, "download_url": { "description": "Address of the main file over the web. Not used by `pkg`, so never a reason to refuse the entry." }, "external": { "description": "Whether it was built elsewhere. Not used by `pkg`, so never a reason to refuse the entry." }, "icon": { "description": "Address of the icon. Not used by `pkg`, so never a reason to refuse the entry." }, "manifest_url": { "description": "Address of the manifest over the web. Not used by `pkg`, so never a reason to refuse the entry." }, "pkg_webpage": { "description": "Web page of the package. Not used by `pkg`, so never a reason to refuse the entry." }, "portable": { "description": "Whether it keeps its data next to itself. Not used by `pkg`, so never a reason to refuse the entry." }, "recurse_provides": { "description": "Whether what it provides is provided in turn. Not used by `pkg`, so never a reason to refuse the entry." }, "trusted": { "description": "Whether the index's maintainers trust it. Not used by `pkg`, so never a reason to refuse the entry." } } };
var schema21 = { "description": "A boolean written as text.", "enum": ["true", "false", null] };
function validate54(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate54.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!(data === "true" || data === "false" || data === null)) {
    validate54.errors = [{ instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema21.enum }, message: "must be equal to one of the allowed values", schema: schema21.enum, parentSchema: schema21, data }];
    return false;
  }
  validate54.errors = vErrors;
  return errors === 0;
}
validate54.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema22 = { "description": "A name that is typed and that becomes a directory and a link: no slash, no space, and no dot or hyphen at the beginning.", "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$" };
var func1 = require_ucs2length().default;
var pattern3 = lazyPattern("^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$", "u");
function validate56(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate56.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 128 && func1(data) > 128) {
        validate56.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema22, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate56.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22, data }];
          return false;
        } else {
          if (!pattern3.test(data)) {
            validate56.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$", parentSchema: schema22, data }];
            return false;
          }
        }
      }
    } else {
      validate56.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.type, parentSchema: schema22, data }];
      return false;
    }
  }
  validate56.errors = vErrors;
  return errors === 0;
}
validate56.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema23 = { "description": "A short text on one line.", "type": ["string", "null"], "maxLength": 256, "pattern": "^[^\\p{Cc}\\p{Cf}]*$" };
var pattern4 = lazyPattern("^[^\\p{Cc}\\p{Cf}]*$", "u");
function validate59(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate59.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate59.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema23.type }, message: "must be string,null", schema: schema23.type, parentSchema: schema23, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate59.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema23, data }];
        return false;
      } else {
        if (!pattern4.test(data)) {
          validate59.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\p{Cc}\\p{Cf}]*$", parentSchema: schema23, data }];
          return false;
        }
      }
    }
  }
  validate59.errors = vErrors;
  return errors === 0;
}
validate59.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema24 = { "description": "A version: any text without spaces.", "type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$" };
var pattern5 = lazyPattern("^[^\\s\\p{Cc}\\p{Cf}]+$", "u");
function validate63(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate63.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate63.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema24, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate63.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema24, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate63.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema24, data }];
            return false;
          }
        }
      }
    } else {
      validate63.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema24.type, parentSchema: schema24, data }];
      return false;
    }
  }
  validate63.errors = vErrors;
  return errors === 0;
}
validate63.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema25 = { "description": "Text for people.", "type": ["string", "null"], "maxLength": 16384 };
function validate66(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate66.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate66.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema25.type }, message: "must be string,null", schema: schema25.type, parentSchema: schema25, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate66.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema25, data }];
        return false;
      }
    }
  }
  validate66.errors = vErrors;
  return errors === 0;
}
validate66.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema26 = { "description": "A reference into a registry.", "type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$" };
function validate68(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate68.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 1024 && func1(data) > 1024) {
        validate68.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema26, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate68.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema26, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate68.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema26, data }];
            return false;
          }
        }
      }
    } else {
      validate68.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema26.type, parentSchema: schema26, data }];
      return false;
    }
  }
  validate68.errors = vErrors;
  return errors === 0;
}
validate68.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema27 = { "description": "A reference by digest, or a list of them.", "type": ["string", "array", "null"], "maxLength": 1024, "pattern": "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", "maxItems": 64, "items": { "type": "string", "maxLength": 1024, "pattern": "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" } };
var pattern7 = lazyPattern("^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", "u");
function validate70(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate70.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate70.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema27.type }, message: "must be string,array,null", schema: schema27.type, parentSchema: schema27, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 1024 && func1(data) > 1024) {
        validate70.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema27, data }];
        return false;
      } else {
        if (!pattern7.test(data)) {
          validate70.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" }, message: 'must match pattern "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$"', schema: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", parentSchema: schema27, data }];
          return false;
        }
      }
    }
    if (errors === 0) {
      if (Array.isArray(data)) {
        if (data.length > 64) {
          validate70.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema27, data }];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (typeof data0 === "string") {
                if (data0.length > 1024 && func1(data0) > 1024) {
                  validate70.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema27.items, data: data0 }];
                  return false;
                } else {
                  if (!pattern7.test(data0)) {
                    validate70.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/pattern", keyword: "pattern", params: { pattern: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" }, message: 'must match pattern "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$"', schema: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", parentSchema: schema27.items, data: data0 }];
                    return false;
                  }
                }
              } else {
                validate70.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema27.items.type, parentSchema: schema27.items, data: data0 }];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    }
  }
  validate70.errors = vErrors;
  return errors === 0;
}
validate70.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema28 = { "description": "Titles of files in the artifact.", "type": ["array", "null"], "maxItems": 4096, "items": { "type": "string", "maxLength": 512 } };
function validate72(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate72.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate72.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema28.type }, message: "must be array,null", schema: schema28.type, parentSchema: schema28, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate72.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema28, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate72.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema28.items, data: data0 }];
                return false;
              }
            } else {
              validate72.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema28.items.type, parentSchema: schema28.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate72.errors = vErrors;
  return errors === 0;
}
validate72.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema29 = { "description": "A number written as text; other text counts as unknown.", "type": ["string", "null"], "maxLength": 64 };
function validate74(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate74.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate74.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema29.type }, message: "must be string,null", schema: schema29.type, parentSchema: schema29, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 64 && func1(data) > 64) {
        validate74.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema29, data }];
        return false;
      }
    }
  }
  validate74.errors = vErrors;
  return errors === 0;
}
validate74.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema30 = { "description": "A 256-bit hash as 64 lower-case hex characters.", "type": ["string", "null"], "pattern": "^[0-9a-f]{64}$" };
var pattern9 = lazyPattern("^[0-9a-f]{64}$", "u");
function validate77(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate77.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate77.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema30.type }, message: "must be string,null", schema: schema30.type, parentSchema: schema30, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern9.test(data)) {
        validate77.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" }, message: 'must match pattern "^[0-9a-f]{64}$"', schema: "^[0-9a-f]{64}$", parentSchema: schema30, data }];
        return false;
      }
    }
  }
  validate77.errors = vErrors;
  return errors === 0;
}
validate77.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema31 = { "description": "Names that the package provides, one line each.", "type": ["array", "null"], "maxItems": 4096, "items": { "type": "string", "maxLength": 512 } };
function validate80(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate80.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate80.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema31.type }, message: "must be array,null", schema: schema31.type, parentSchema: schema31, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate80.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema31, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate80.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema31.items, data: data0 }];
                return false;
              }
            } else {
              validate80.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema31.items.type, parentSchema: schema31.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate80.errors = vErrors;
  return errors === 0;
}
validate80.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema32 = { "description": "Older tags, each as `tag[version]` or `tag`.", "type": ["array", "null"], "maxItems": 4096, "items": { "type": "string", "maxLength": 512 } };
function validate82(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate82.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate82.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema32.type }, message: "must be array,null", schema: schema32.type, parentSchema: schema32, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate82.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema32, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate82.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema32.items, data: data0 }];
                return false;
              }
            } else {
              validate82.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema32.items.type, parentSchema: schema32.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate82.errors = vErrors;
  return errors === 0;
}
validate82.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema33 = { "description": "Addresses: a list, or a single one. An address that is malformed or longer than 2048 characters is left out; the entry is kept.", "type": ["string", "array", "null"], "maxItems": 1024, "items": { "type": "string" } };
function validate84(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate84.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate84.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema33.type }, message: "must be string,array,null", schema: schema33.type, parentSchema: schema33, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 1024) {
        validate84.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema33, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (typeof data0 !== "string") {
            validate84.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.items.type, parentSchema: schema33.items, data: data0 }];
            return false;
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate84.errors = vErrors;
  return errors === 0;
}
validate84.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema34 = { "description": "Texts for people: a list, or a single one.", "type": ["string", "array", "null"], "maxLength": 16384, "maxItems": 1024, "items": { "type": "string", "maxLength": 16384 } };
function validate87(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate87.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate87.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema34.type }, message: "must be string,array,null", schema: schema34.type, parentSchema: schema34, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate87.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema34, data }];
        return false;
      }
    }
    if (errors === 0) {
      if (Array.isArray(data)) {
        if (data.length > 1024) {
          validate87.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema34, data }];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (typeof data0 === "string") {
                if (data0.length > 16384 && func1(data0) > 16384) {
                  validate87.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema34.items, data: data0 }];
                  return false;
                }
              } else {
                validate87.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema34.items.type, parentSchema: schema34.items, data: data0 }];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    }
  }
  validate87.errors = vErrors;
  return errors === 0;
}
validate87.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate52(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate52.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  const _errs3 = errors;
  const _errs4 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing0;
    if (data.pkg_name === void 0 && (missing0 = "pkg_name")) {
      const err0 = {};
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
  }
  var valid1 = _errs4 === errors;
  if (valid1) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  } else {
    errors = _errs3;
    if (vErrors !== null) {
      if (_errs3) {
        vErrors.length = _errs3;
      } else {
        vErrors = null;
      }
    }
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  if (_valid0) {
    const _errs5 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing1;
      if (data.pkg === void 0 && (missing1 = "pkg")) {
        validate52.errors = [{ instancePath, schemaPath: "#/then/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'", schema: schema19.then.required, parentSchema: schema19.then, data }];
        return false;
      }
    }
    var _valid0 = _errs5 === errors;
    valid0 = _valid0;
  }
  if (!valid0) {
    const err2 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema', schema: schema19.if, parentSchema: schema19, data };
    if (vErrors === null) {
      vErrors = [err2];
    } else {
      vErrors.push(err2);
    }
    errors++;
    validate52.errors = vErrors;
    return false;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing2;
      if (data.version === void 0 && (missing2 = "version") || data.ghcr_pkg === void 0 && (missing2 = "ghcr_pkg")) {
        validate52.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing2 }, message: "must have required property '" + missing2 + "'", schema: schema19.required, parentSchema: schema19, data }];
        return false;
      } else {
        if (data._disabled !== void 0) {
          const _errs6 = errors;
          if (!validate54(data._disabled, { instancePath: instancePath + "/_disabled", parentData: data, parentDataProperty: "_disabled", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
            errors = vErrors.length;
          }
          var valid2 = _errs6 === errors;
        } else {
          var valid2 = true;
        }
        if (valid2) {
          if (data.pkg !== void 0) {
            const _errs7 = errors;
            if (!validate56(data.pkg, { instancePath: instancePath + "/pkg", parentData: data, parentDataProperty: "pkg", rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
              errors = vErrors.length;
            }
            var valid2 = _errs7 === errors;
          } else {
            var valid2 = true;
          }
          if (valid2) {
            if (data.pkg_name !== void 0) {
              const _errs8 = errors;
              if (!validate56(data.pkg_name, { instancePath: instancePath + "/pkg_name", parentData: data, parentDataProperty: "pkg_name", rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
                errors = vErrors.length;
              }
              var valid2 = _errs8 === errors;
            } else {
              var valid2 = true;
            }
            if (valid2) {
              if (data.pkg_family !== void 0) {
                const _errs9 = errors;
                if (!validate59(data.pkg_family, { instancePath: instancePath + "/pkg_family", parentData: data, parentDataProperty: "pkg_family", rootData, dynamicAnchors })) {
                  vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                  errors = vErrors.length;
                }
                var valid2 = _errs9 === errors;
              } else {
                var valid2 = true;
              }
              if (valid2) {
                if (data.pkg_id !== void 0) {
                  const _errs10 = errors;
                  if (!validate59(data.pkg_id, { instancePath: instancePath + "/pkg_id", parentData: data, parentDataProperty: "pkg_id", rootData, dynamicAnchors })) {
                    vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                    errors = vErrors.length;
                  }
                  var valid2 = _errs10 === errors;
                } else {
                  var valid2 = true;
                }
                if (valid2) {
                  if (data.pkg_type !== void 0) {
                    const _errs11 = errors;
                    if (!validate59(data.pkg_type, { instancePath: instancePath + "/pkg_type", parentData: data, parentDataProperty: "pkg_type", rootData, dynamicAnchors })) {
                      vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                      errors = vErrors.length;
                    }
                    var valid2 = _errs11 === errors;
                  } else {
                    var valid2 = true;
                  }
                  if (valid2) {
                    if (data.version !== void 0) {
                      const _errs12 = errors;
                      if (!validate63(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors })) {
                        vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
                        errors = vErrors.length;
                      }
                      var valid2 = _errs12 === errors;
                    } else {
                      var valid2 = true;
                    }
                    if (valid2) {
                      if (data.host !== void 0) {
                        const _errs13 = errors;
                        if (!validate59(data.host, { instancePath: instancePath + "/host", parentData: data, parentDataProperty: "host", rootData, dynamicAnchors })) {
                          vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                          errors = vErrors.length;
                        }
                        var valid2 = _errs13 === errors;
                      } else {
                        var valid2 = true;
                      }
                      if (valid2) {
                        if (data.description !== void 0) {
                          const _errs14 = errors;
                          if (!validate66(data.description, { instancePath: instancePath + "/description", parentData: data, parentDataProperty: "description", rootData, dynamicAnchors })) {
                            vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors);
                            errors = vErrors.length;
                          }
                          var valid2 = _errs14 === errors;
                        } else {
                          var valid2 = true;
                        }
                        if (valid2) {
                          if (data.ghcr_pkg !== void 0) {
                            const _errs15 = errors;
                            if (!validate68(data.ghcr_pkg, { instancePath: instancePath + "/ghcr_pkg", parentData: data, parentDataProperty: "ghcr_pkg", rootData, dynamicAnchors })) {
                              vErrors = vErrors === null ? validate68.errors : vErrors.concat(validate68.errors);
                              errors = vErrors.length;
                            }
                            var valid2 = _errs15 === errors;
                          } else {
                            var valid2 = true;
                          }
                          if (valid2) {
                            if (data.ghcr_blob !== void 0) {
                              const _errs16 = errors;
                              if (!validate70(data.ghcr_blob, { instancePath: instancePath + "/ghcr_blob", parentData: data, parentDataProperty: "ghcr_blob", rootData, dynamicAnchors })) {
                                vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
                                errors = vErrors.length;
                              }
                              var valid2 = _errs16 === errors;
                            } else {
                              var valid2 = true;
                            }
                            if (valid2) {
                              if (data.ghcr_files !== void 0) {
                                const _errs17 = errors;
                                if (!validate72(data.ghcr_files, { instancePath: instancePath + "/ghcr_files", parentData: data, parentDataProperty: "ghcr_files", rootData, dynamicAnchors })) {
                                  vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
                                  errors = vErrors.length;
                                }
                                var valid2 = _errs17 === errors;
                              } else {
                                var valid2 = true;
                              }
                              if (valid2) {
                                if (data.ghcr_size_raw !== void 0) {
                                  const _errs18 = errors;
                                  if (!validate74(data.ghcr_size_raw, { instancePath: instancePath + "/ghcr_size_raw", parentData: data, parentDataProperty: "ghcr_size_raw", rootData, dynamicAnchors })) {
                                    vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
                                    errors = vErrors.length;
                                  }
                                  var valid2 = _errs18 === errors;
                                } else {
                                  var valid2 = true;
                                }
                                if (valid2) {
                                  if (data.size_raw !== void 0) {
                                    const _errs19 = errors;
                                    if (!validate74(data.size_raw, { instancePath: instancePath + "/size_raw", parentData: data, parentDataProperty: "size_raw", rootData, dynamicAnchors })) {
                                      vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
                                      errors = vErrors.length;
                                    }
                                    var valid2 = _errs19 === errors;
                                  } else {
                                    var valid2 = true;
                                  }
                                  if (valid2) {
                                    if (data.shasum !== void 0) {
                                      const _errs20 = errors;
                                      if (!validate77(data.shasum, { instancePath: instancePath + "/shasum", parentData: data, parentDataProperty: "shasum", rootData, dynamicAnchors })) {
                                        vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors);
                                        errors = vErrors.length;
                                      }
                                      var valid2 = _errs20 === errors;
                                    } else {
                                      var valid2 = true;
                                    }
                                    if (valid2) {
                                      if (data.bsum !== void 0) {
                                        const _errs21 = errors;
                                        if (!validate77(data.bsum, { instancePath: instancePath + "/bsum", parentData: data, parentDataProperty: "bsum", rootData, dynamicAnchors })) {
                                          vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors);
                                          errors = vErrors.length;
                                        }
                                        var valid2 = _errs21 === errors;
                                      } else {
                                        var valid2 = true;
                                      }
                                      if (valid2) {
                                        if (data.provides !== void 0) {
                                          const _errs22 = errors;
                                          if (!validate80(data.provides, { instancePath: instancePath + "/provides", parentData: data, parentDataProperty: "provides", rootData, dynamicAnchors })) {
                                            vErrors = vErrors === null ? validate80.errors : vErrors.concat(validate80.errors);
                                            errors = vErrors.length;
                                          }
                                          var valid2 = _errs22 === errors;
                                        } else {
                                          var valid2 = true;
                                        }
                                        if (valid2) {
                                          if (data.snapshots !== void 0) {
                                            const _errs23 = errors;
                                            if (!validate82(data.snapshots, { instancePath: instancePath + "/snapshots", parentData: data, parentDataProperty: "snapshots", rootData, dynamicAnchors })) {
                                              vErrors = vErrors === null ? validate82.errors : vErrors.concat(validate82.errors);
                                              errors = vErrors.length;
                                            }
                                            var valid2 = _errs23 === errors;
                                          } else {
                                            var valid2 = true;
                                          }
                                          if (valid2) {
                                            if (data.homepage !== void 0) {
                                              const _errs24 = errors;
                                              if (!validate84(data.homepage, { instancePath: instancePath + "/homepage", parentData: data, parentDataProperty: "homepage", rootData, dynamicAnchors })) {
                                                vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
                                                errors = vErrors.length;
                                              }
                                              var valid2 = _errs24 === errors;
                                            } else {
                                              var valid2 = true;
                                            }
                                            if (valid2) {
                                              if (data.src_url !== void 0) {
                                                const _errs25 = errors;
                                                if (!validate84(data.src_url, { instancePath: instancePath + "/src_url", parentData: data, parentDataProperty: "src_url", rootData, dynamicAnchors })) {
                                                  vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
                                                  errors = vErrors.length;
                                                }
                                                var valid2 = _errs25 === errors;
                                              } else {
                                                var valid2 = true;
                                              }
                                              if (valid2) {
                                                if (data.license !== void 0) {
                                                  const _errs26 = errors;
                                                  if (!validate87(data.license, { instancePath: instancePath + "/license", parentData: data, parentDataProperty: "license", rootData, dynamicAnchors })) {
                                                    vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
                                                    errors = vErrors.length;
                                                  }
                                                  var valid2 = _errs26 === errors;
                                                } else {
                                                  var valid2 = true;
                                                }
                                                if (valid2) {
                                                  if (data.maintainer !== void 0) {
                                                    const _errs27 = errors;
                                                    if (!validate87(data.maintainer, { instancePath: instancePath + "/maintainer", parentData: data, parentDataProperty: "maintainer", rootData, dynamicAnchors })) {
                                                      vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
                                                      errors = vErrors.length;
                                                    }
                                                    var valid2 = _errs27 === errors;
                                                  } else {
                                                    var valid2 = true;
                                                  }
                                                  if (valid2) {
                                                    if (data.note !== void 0) {
                                                      const _errs28 = errors;
                                                      if (!validate87(data.note, { instancePath: instancePath + "/note", parentData: data, parentDataProperty: "note", rootData, dynamicAnchors })) {
                                                        vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
                                                        errors = vErrors.length;
                                                      }
                                                      var valid2 = _errs28 === errors;
                                                    } else {
                                                      var valid2 = true;
                                                    }
                                                    if (valid2) {
                                                      if (data.category !== void 0) {
                                                        const _errs29 = errors;
                                                        if (!validate87(data.category, { instancePath: instancePath + "/category", parentData: data, parentDataProperty: "category", rootData, dynamicAnchors })) {
                                                          vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
                                                          errors = vErrors.length;
                                                        }
                                                        var valid2 = _errs29 === errors;
                                                      } else {
                                                        var valid2 = true;
                                                      }
                                                      if (valid2) {
                                                        if (data.tag !== void 0) {
                                                          const _errs30 = errors;
                                                          if (!validate87(data.tag, { instancePath: instancePath + "/tag", parentData: data, parentDataProperty: "tag", rootData, dynamicAnchors })) {
                                                            vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
                                                            errors = vErrors.length;
                                                          }
                                                          var valid2 = _errs30 === errors;
                                                        } else {
                                                          var valid2 = true;
                                                        }
                                                        if (valid2) {
                                                          if (data.replaces !== void 0) {
                                                            const _errs31 = errors;
                                                            if (!validate87(data.replaces, { instancePath: instancePath + "/replaces", parentData: data, parentDataProperty: "replaces", rootData, dynamicAnchors })) {
                                                              vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
                                                              errors = vErrors.length;
                                                            }
                                                            var valid2 = _errs31 === errors;
                                                          } else {
                                                            var valid2 = true;
                                                          }
                                                          if (valid2) {
                                                            if (data.rank !== void 0) {
                                                              const _errs32 = errors;
                                                              if (!validate74(data.rank, { instancePath: instancePath + "/rank", parentData: data, parentDataProperty: "rank", rootData, dynamicAnchors })) {
                                                                vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
                                                                errors = vErrors.length;
                                                              }
                                                              var valid2 = _errs32 === errors;
                                                            } else {
                                                              var valid2 = true;
                                                            }
                                                            if (valid2) {
                                                              if (data.download_count !== void 0) {
                                                                const _errs33 = errors;
                                                                if (!validate74(data.download_count, { instancePath: instancePath + "/download_count", parentData: data, parentDataProperty: "download_count", rootData, dynamicAnchors })) {
                                                                  vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
                                                                  errors = vErrors.length;
                                                                }
                                                                var valid2 = _errs33 === errors;
                                                              } else {
                                                                var valid2 = true;
                                                              }
                                                              if (valid2) {
                                                                if (data.deprecated !== void 0) {
                                                                  const _errs34 = errors;
                                                                  if (!validate54(data.deprecated, { instancePath: instancePath + "/deprecated", parentData: data, parentDataProperty: "deprecated", rootData, dynamicAnchors })) {
                                                                    vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
                                                                    errors = vErrors.length;
                                                                  }
                                                                  var valid2 = _errs34 === errors;
                                                                } else {
                                                                  var valid2 = true;
                                                                }
                                                                if (valid2) {
                                                                  if (data.installable !== void 0) {
                                                                    const _errs35 = errors;
                                                                    if (!validate54(data.installable, { instancePath: instancePath + "/installable", parentData: data, parentDataProperty: "installable", rootData, dynamicAnchors })) {
                                                                      vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
                                                                      errors = vErrors.length;
                                                                    }
                                                                    var valid2 = _errs35 === errors;
                                                                  } else {
                                                                    var valid2 = true;
                                                                  }
                                                                  if (valid2) {
                                                                    if (data.build_date !== void 0) {
                                                                      const _errs36 = errors;
                                                                      if (!validate59(data.build_date, { instancePath: instancePath + "/build_date", parentData: data, parentDataProperty: "build_date", rootData, dynamicAnchors })) {
                                                                        vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                                                                        errors = vErrors.length;
                                                                      }
                                                                      var valid2 = _errs36 === errors;
                                                                    } else {
                                                                      var valid2 = true;
                                                                    }
                                                                  }
                                                                }
                                                              }
                                                            }
                                                          }
                                                        }
                                                      }
                                                    }
                                                  }
                                                }
                                              }
                                            }
                                          }
                                        }
                                      }
                                    }
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate52.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.type, parentSchema: schema19, data }];
      return false;
    }
  }
  validate52.errors = vErrors;
  return errors === 0;
}
validate52.evaluated = { "props": { "_disabled": true, "pkg": true, "pkg_name": true, "pkg_family": true, "pkg_id": true, "pkg_type": true, "version": true, "version_upstream": true, "version_latest": true, "version_outdated": true, "host": true, "description": true, "ghcr_pkg": true, "ghcr_blob": true, "ghcr_files": true, "ghcr_size": true, "ghcr_size_raw": true, "ghcr_url": true, "size": true, "size_raw": true, "shasum": true, "bsum": true, "provides": true, "snapshots": true, "homepage": true, "src_url": true, "license": true, "maintainer": true, "note": true, "category": true, "tag": true, "replaces": true, "repology": true, "rank": true, "download_count": true, "download_count_week": true, "download_count_month": true, "deprecated": true, "installable": true, "build_date": true, "build_id": true, "build_gha": true, "build_log": true, "build_script": true, "app_id": true, "appstream": true, "bundle": true, "desktop": true, "desktop_integration": true, "download_url": true, "external": true, "icon": true, "manifest_url": true, "pkg_webpage": true, "portable": true, "recurse_provides": true, "trusted": true }, "dynamicProps": false, "dynamicItems": false };
var validateG2 = validate99;
var schema35 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "G2Entry", "description": "An entry of a second-generation index (a JSON array): booleans and numbers are not written as text, and `ghcr_pkg` may hold a placeholder.", "type": "object", "required": ["version", "ghcr_pkg"], "if": { "not": { "required": ["pkg_name"] } }, "then": { "required": ["pkg"] }, "properties": { "_disabled": { "$ref": "common.schema.json#/$defs/flag", "description": "`true`: the entry is withdrawn and cannot be installed." }, "pkg": { "$ref": "common.schema.json#/$defs/name", "description": "Name of the recipe, e.g. `7z.static`; used as `pkg_name` when that is missing." }, "pkg_name": { "$ref": "common.schema.json#/$defs/name", "description": "Name the package is installed as, e.g. `7z`." }, "pkg_family": { "$ref": "common.schema.json#/$defs/label", "description": "Family the package belongs to, e.g. `curl`; typed as `family/name`." }, "pkg_id": { "$ref": "common.schema.json#/$defs/label", "description": "Identity of the package, e.g. `github.com.ip7z.7zip`; with name, version and type it identifies an entry." }, "pkg_type": { "$ref": "common.schema.json#/$defs/label", "description": "Kind of program: `static`, `dynamic`, `archive`, `appimage`, `appbundle`, `flatimage`, `gameimage`, `nixappimage`, `runimage`, `onelf`." }, "version": { "$ref": "common.schema.json#/$defs/version", "description": "Version of the package: semver, a date, `HEAD-<commit>-<time>` or anything else. Case matters." }, "version_upstream": { "description": "Newest version upstream. Not used by `pkg`, so never a reason to refuse the entry." }, "version_latest": { "description": "Newest version known when the index was made. Not used by `pkg`, so never a reason to refuse the entry." }, "version_outdated": { "description": "Whether upstream has a newer version. Not used by `pkg`, so never a reason to refuse the entry." }, "host": { "$ref": "common.schema.json#/$defs/label", "description": "Platform that the program runs on, e.g. `x86_64-Linux`; compared case-insensitively." }, "description": { "$ref": "common.schema.json#/$defs/text", "description": "What the program does, in a sentence." }, "ghcr_pkg": { "$ref": "common.schema.json#/$defs/reference", "description": "Reference of the whole artifact by tag. `{{version}}` in it stands for `version`; without a registry it is a path below `ghcr.io/pkgforge/`, to which the name of the recipe is added; without a tag the tag is `<version>-<host>`." }, "ghcr_blob": { "$ref": "common.schema.json#/$defs/blob", "description": "Reference of the main file's blob by digest; of a list, the one whose digest is `shasum`. Must agree with `shasum`." }, "ghcr_files": { "$ref": "common.schema.json#/$defs/titles", "description": "Titles of all files in the artifact." }, "ghcr_size": { "description": "Size of all files, for people. Not used by `pkg`, so never a reason to refuse the entry." }, "ghcr_size_raw": { "$ref": "common.schema.json#/$defs/number", "description": "Bytes of all files." }, "ghcr_url": { "description": "Web page of the artifact. Not used by `pkg`, so never a reason to refuse the entry." }, "size": { "description": "Size of the main file, for people. Not used by `pkg`, so never a reason to refuse the entry." }, "size_raw": { "$ref": "common.schema.json#/$defs/number", "description": "Bytes of the main file." }, "shasum": { "$ref": "common.schema.json#/$defs/hash", "description": "SHA-256 of the main file, lower-case hex." }, "bsum": { "$ref": "common.schema.json#/$defs/hash", "description": "BLAKE3 of the main file, lower-case hex." }, "provides": { "$ref": "common.schema.json#/$defs/provides", "description": "Programs and links: `a` (a program), `a==b` (kept under both names), `a=>b` (linked as `b` only), `a:b` (alias), `@a` (extra program). May list programs that the artifact does not carry." }, "snapshots": { "$ref": "common.schema.json#/$defs/snapshots", "description": "Older tags that can still be pulled, each as `tag[version]` or `tag`." }, "homepage": { "$ref": "common.schema.json#/$defs/urls", "description": "Addresses of the project." }, "src_url": { "$ref": "common.schema.json#/$defs/urls", "description": "Addresses of the source code." }, "license": { "$ref": "common.schema.json#/$defs/texts", "description": "Licences, by SPDX name where there is one." }, "maintainer": { "$ref": "common.schema.json#/$defs/texts", "description": "Maintainers of the package, each as `Name (contact)`." }, "note": { "$ref": "common.schema.json#/$defs/texts", "description": "Notes for people who install the package." }, "category": { "$ref": "common.schema.json#/$defs/texts", "description": "Desktop categories." }, "tag": { "$ref": "common.schema.json#/$defs/texts", "description": "Words that searches find the package by." }, "replaces": { "$ref": "common.schema.json#/$defs/texts", "description": "Values of `pkg_id` that this package replaces." }, "repology": { "description": "Names of the project at Repology. Not used by `pkg`, so never a reason to refuse the entry." }, "rank": { "$ref": "common.schema.json#/$defs/number", "description": "Rank by popularity, 1 first." }, "download_count": { "$ref": "common.schema.json#/$defs/number", "description": "Downloads so far." }, "download_count_week": { "description": "Downloads in the last week. Not used by `pkg`, so never a reason to refuse the entry." }, "download_count_month": { "description": "Downloads in the last month. Not used by `pkg`, so never a reason to refuse the entry." }, "deprecated": { "$ref": "common.schema.json#/$defs/flag", "description": "`true`: no longer maintained; still installable." }, "installable": { "$ref": "common.schema.json#/$defs/flag", "description": "`false`: listed, but cannot be installed." }, "build_date": { "$ref": "common.schema.json#/$defs/label", "description": "When it was built, ISO 8601." }, "build_id": { "description": "Id of the build. Not used by `pkg`, so never a reason to refuse the entry." }, "build_gha": { "description": "Address of the build's run. Not used by `pkg`, so never a reason to refuse the entry." }, "build_log": { "description": "Address of the build's log. Not used by `pkg`, so never a reason to refuse the entry." }, "build_script": { "description": "Address of the recipe. Not used by `pkg`, so never a reason to refuse the entry." }, "app_id": { "description": "Id of the desktop application. Not used by `pkg`, so never a reason to refuse the entry." }, "appstream": { "description": "Address of the AppStream file. Not used by `pkg`, so never a reason to refuse the entry." }, "bundle": { "description": "Whether it is a bundle of several programs. Not used by `pkg`, so never a reason to refuse the entry." }, "desktop": { "description": "Address of the desktop file. Not used by `pkg`, so never a reason to refuse the entry." }, "desktop_integration": { "description": "Whether it integrates with a desktop. Not used by `pkg`, so never a reason to refuse the entry." }, "download_url": { "description": "Address of the main file over the web. Not used by `pkg`, so never a reason to refuse the entry." }, "external": { "description": "Whether it was built elsewhere. Not used by `pkg`, so never a reason to refuse the entry." }, "icon": { "description": "Address of the icon. Not used by `pkg`, so never a reason to refuse the entry." }, "manifest_url": { "description": "Address of the manifest over the web. Not used by `pkg`, so never a reason to refuse the entry." }, "pkg_webpage": { "description": "Web page of the package. Not used by `pkg`, so never a reason to refuse the entry." }, "portable": { "description": "Whether it keeps its data next to itself. Not used by `pkg`, so never a reason to refuse the entry." }, "recurse_provides": { "description": "Whether what it provides is provided in turn. Not used by `pkg`, so never a reason to refuse the entry." }, "trusted": { "description": "Whether the index's maintainers trust it. Not used by `pkg`, so never a reason to refuse the entry." } } };
var schema36 = { "description": "A boolean, or a boolean written as text.", "enum": [true, false, "true", "false", null] };
function validate100(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate100.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!(data === true || data === false || data === "true" || data === "false" || data === null)) {
    validate100.errors = [{ instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema36.enum }, message: "must be equal to one of the allowed values", schema: schema36.enum, parentSchema: schema36, data }];
    return false;
  }
  validate100.errors = vErrors;
  return errors === 0;
}
validate100.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate102(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate102.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 128 && func1(data) > 128) {
        validate102.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema22, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate102.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22, data }];
          return false;
        } else {
          if (!pattern3.test(data)) {
            validate102.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$", parentSchema: schema22, data }];
            return false;
          }
        }
      }
    } else {
      validate102.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.type, parentSchema: schema22, data }];
      return false;
    }
  }
  validate102.errors = vErrors;
  return errors === 0;
}
validate102.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate105(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate105.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate105.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema23.type }, message: "must be string,null", schema: schema23.type, parentSchema: schema23, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate105.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema23, data }];
        return false;
      } else {
        if (!pattern4.test(data)) {
          validate105.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\p{Cc}\\p{Cf}]*$", parentSchema: schema23, data }];
          return false;
        }
      }
    }
  }
  validate105.errors = vErrors;
  return errors === 0;
}
validate105.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate109(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate109.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate109.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema24, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate109.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema24, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate109.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema24, data }];
            return false;
          }
        }
      }
    } else {
      validate109.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema24.type, parentSchema: schema24, data }];
      return false;
    }
  }
  validate109.errors = vErrors;
  return errors === 0;
}
validate109.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate112(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate112.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate112.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema25.type }, message: "must be string,null", schema: schema25.type, parentSchema: schema25, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate112.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema25, data }];
        return false;
      }
    }
  }
  validate112.errors = vErrors;
  return errors === 0;
}
validate112.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate114(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate114.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 1024 && func1(data) > 1024) {
        validate114.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema26, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate114.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema26, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate114.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema26, data }];
            return false;
          }
        }
      }
    } else {
      validate114.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema26.type, parentSchema: schema26, data }];
      return false;
    }
  }
  validate114.errors = vErrors;
  return errors === 0;
}
validate114.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate116(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate116.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate116.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema27.type }, message: "must be string,array,null", schema: schema27.type, parentSchema: schema27, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 1024 && func1(data) > 1024) {
        validate116.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema27, data }];
        return false;
      } else {
        if (!pattern7.test(data)) {
          validate116.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" }, message: 'must match pattern "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$"', schema: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", parentSchema: schema27, data }];
          return false;
        }
      }
    }
    if (errors === 0) {
      if (Array.isArray(data)) {
        if (data.length > 64) {
          validate116.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema27, data }];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (typeof data0 === "string") {
                if (data0.length > 1024 && func1(data0) > 1024) {
                  validate116.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema27.items, data: data0 }];
                  return false;
                } else {
                  if (!pattern7.test(data0)) {
                    validate116.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/pattern", keyword: "pattern", params: { pattern: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" }, message: 'must match pattern "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$"', schema: "^[^\\s@]+@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", parentSchema: schema27.items, data: data0 }];
                    return false;
                  }
                }
              } else {
                validate116.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema27.items.type, parentSchema: schema27.items, data: data0 }];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    }
  }
  validate116.errors = vErrors;
  return errors === 0;
}
validate116.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate118(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate118.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate118.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema28.type }, message: "must be array,null", schema: schema28.type, parentSchema: schema28, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate118.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema28, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate118.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema28.items, data: data0 }];
                return false;
              }
            } else {
              validate118.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema28.items.type, parentSchema: schema28.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate118.errors = vErrors;
  return errors === 0;
}
validate118.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema44 = { "description": "A number, or a number written as text; other text counts as unknown.", "type": ["number", "string", "null"], "maxLength": 64 };
function validate120(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate120.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!(typeof data == "number" && isFinite(data)) && typeof data !== "string" && data !== null) {
    validate120.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema44.type }, message: "must be number,string,null", schema: schema44.type, parentSchema: schema44, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 64 && func1(data) > 64) {
        validate120.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema44, data }];
        return false;
      }
    }
  }
  validate120.errors = vErrors;
  return errors === 0;
}
validate120.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate123(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate123.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate123.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema30.type }, message: "must be string,null", schema: schema30.type, parentSchema: schema30, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern9.test(data)) {
        validate123.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" }, message: 'must match pattern "^[0-9a-f]{64}$"', schema: "^[0-9a-f]{64}$", parentSchema: schema30, data }];
        return false;
      }
    }
  }
  validate123.errors = vErrors;
  return errors === 0;
}
validate123.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate126(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate126.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate126.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema31.type }, message: "must be array,null", schema: schema31.type, parentSchema: schema31, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate126.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema31, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate126.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema31.items, data: data0 }];
                return false;
              }
            } else {
              validate126.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema31.items.type, parentSchema: schema31.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate126.errors = vErrors;
  return errors === 0;
}
validate126.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate128(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate128.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate128.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema32.type }, message: "must be array,null", schema: schema32.type, parentSchema: schema32, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate128.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema32, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate128.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema32.items, data: data0 }];
                return false;
              }
            } else {
              validate128.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema32.items.type, parentSchema: schema32.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate128.errors = vErrors;
  return errors === 0;
}
validate128.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate130(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate130.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate130.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema33.type }, message: "must be string,array,null", schema: schema33.type, parentSchema: schema33, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 1024) {
        validate130.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema33, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (typeof data0 !== "string") {
            validate130.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.items.type, parentSchema: schema33.items, data: data0 }];
            return false;
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate130.errors = vErrors;
  return errors === 0;
}
validate130.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate133(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate133.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate133.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema34.type }, message: "must be string,array,null", schema: schema34.type, parentSchema: schema34, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate133.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema34, data }];
        return false;
      }
    }
    if (errors === 0) {
      if (Array.isArray(data)) {
        if (data.length > 1024) {
          validate133.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema34, data }];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (typeof data0 === "string") {
                if (data0.length > 16384 && func1(data0) > 16384) {
                  validate133.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema34.items, data: data0 }];
                  return false;
                }
              } else {
                validate133.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema34.items.type, parentSchema: schema34.items, data: data0 }];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    }
  }
  validate133.errors = vErrors;
  return errors === 0;
}
validate133.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate99(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate99.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  const _errs3 = errors;
  const _errs4 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing0;
    if (data.pkg_name === void 0 && (missing0 = "pkg_name")) {
      const err0 = {};
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
  }
  var valid1 = _errs4 === errors;
  if (valid1) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  } else {
    errors = _errs3;
    if (vErrors !== null) {
      if (_errs3) {
        vErrors.length = _errs3;
      } else {
        vErrors = null;
      }
    }
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  if (_valid0) {
    const _errs5 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing1;
      if (data.pkg === void 0 && (missing1 = "pkg")) {
        validate99.errors = [{ instancePath, schemaPath: "#/then/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'", schema: schema35.then.required, parentSchema: schema35.then, data }];
        return false;
      }
    }
    var _valid0 = _errs5 === errors;
    valid0 = _valid0;
  }
  if (!valid0) {
    const err2 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema', schema: schema35.if, parentSchema: schema35, data };
    if (vErrors === null) {
      vErrors = [err2];
    } else {
      vErrors.push(err2);
    }
    errors++;
    validate99.errors = vErrors;
    return false;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing2;
      if (data.version === void 0 && (missing2 = "version") || data.ghcr_pkg === void 0 && (missing2 = "ghcr_pkg")) {
        validate99.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing2 }, message: "must have required property '" + missing2 + "'", schema: schema35.required, parentSchema: schema35, data }];
        return false;
      } else {
        if (data._disabled !== void 0) {
          const _errs6 = errors;
          if (!validate100(data._disabled, { instancePath: instancePath + "/_disabled", parentData: data, parentDataProperty: "_disabled", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors);
            errors = vErrors.length;
          }
          var valid2 = _errs6 === errors;
        } else {
          var valid2 = true;
        }
        if (valid2) {
          if (data.pkg !== void 0) {
            const _errs7 = errors;
            if (!validate102(data.pkg, { instancePath: instancePath + "/pkg", parentData: data, parentDataProperty: "pkg", rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate102.errors : vErrors.concat(validate102.errors);
              errors = vErrors.length;
            }
            var valid2 = _errs7 === errors;
          } else {
            var valid2 = true;
          }
          if (valid2) {
            if (data.pkg_name !== void 0) {
              const _errs8 = errors;
              if (!validate102(data.pkg_name, { instancePath: instancePath + "/pkg_name", parentData: data, parentDataProperty: "pkg_name", rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate102.errors : vErrors.concat(validate102.errors);
                errors = vErrors.length;
              }
              var valid2 = _errs8 === errors;
            } else {
              var valid2 = true;
            }
            if (valid2) {
              if (data.pkg_family !== void 0) {
                const _errs9 = errors;
                if (!validate105(data.pkg_family, { instancePath: instancePath + "/pkg_family", parentData: data, parentDataProperty: "pkg_family", rootData, dynamicAnchors })) {
                  vErrors = vErrors === null ? validate105.errors : vErrors.concat(validate105.errors);
                  errors = vErrors.length;
                }
                var valid2 = _errs9 === errors;
              } else {
                var valid2 = true;
              }
              if (valid2) {
                if (data.pkg_id !== void 0) {
                  const _errs10 = errors;
                  if (!validate105(data.pkg_id, { instancePath: instancePath + "/pkg_id", parentData: data, parentDataProperty: "pkg_id", rootData, dynamicAnchors })) {
                    vErrors = vErrors === null ? validate105.errors : vErrors.concat(validate105.errors);
                    errors = vErrors.length;
                  }
                  var valid2 = _errs10 === errors;
                } else {
                  var valid2 = true;
                }
                if (valid2) {
                  if (data.pkg_type !== void 0) {
                    const _errs11 = errors;
                    if (!validate105(data.pkg_type, { instancePath: instancePath + "/pkg_type", parentData: data, parentDataProperty: "pkg_type", rootData, dynamicAnchors })) {
                      vErrors = vErrors === null ? validate105.errors : vErrors.concat(validate105.errors);
                      errors = vErrors.length;
                    }
                    var valid2 = _errs11 === errors;
                  } else {
                    var valid2 = true;
                  }
                  if (valid2) {
                    if (data.version !== void 0) {
                      const _errs12 = errors;
                      if (!validate109(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors })) {
                        vErrors = vErrors === null ? validate109.errors : vErrors.concat(validate109.errors);
                        errors = vErrors.length;
                      }
                      var valid2 = _errs12 === errors;
                    } else {
                      var valid2 = true;
                    }
                    if (valid2) {
                      if (data.host !== void 0) {
                        const _errs13 = errors;
                        if (!validate105(data.host, { instancePath: instancePath + "/host", parentData: data, parentDataProperty: "host", rootData, dynamicAnchors })) {
                          vErrors = vErrors === null ? validate105.errors : vErrors.concat(validate105.errors);
                          errors = vErrors.length;
                        }
                        var valid2 = _errs13 === errors;
                      } else {
                        var valid2 = true;
                      }
                      if (valid2) {
                        if (data.description !== void 0) {
                          const _errs14 = errors;
                          if (!validate112(data.description, { instancePath: instancePath + "/description", parentData: data, parentDataProperty: "description", rootData, dynamicAnchors })) {
                            vErrors = vErrors === null ? validate112.errors : vErrors.concat(validate112.errors);
                            errors = vErrors.length;
                          }
                          var valid2 = _errs14 === errors;
                        } else {
                          var valid2 = true;
                        }
                        if (valid2) {
                          if (data.ghcr_pkg !== void 0) {
                            const _errs15 = errors;
                            if (!validate114(data.ghcr_pkg, { instancePath: instancePath + "/ghcr_pkg", parentData: data, parentDataProperty: "ghcr_pkg", rootData, dynamicAnchors })) {
                              vErrors = vErrors === null ? validate114.errors : vErrors.concat(validate114.errors);
                              errors = vErrors.length;
                            }
                            var valid2 = _errs15 === errors;
                          } else {
                            var valid2 = true;
                          }
                          if (valid2) {
                            if (data.ghcr_blob !== void 0) {
                              const _errs16 = errors;
                              if (!validate116(data.ghcr_blob, { instancePath: instancePath + "/ghcr_blob", parentData: data, parentDataProperty: "ghcr_blob", rootData, dynamicAnchors })) {
                                vErrors = vErrors === null ? validate116.errors : vErrors.concat(validate116.errors);
                                errors = vErrors.length;
                              }
                              var valid2 = _errs16 === errors;
                            } else {
                              var valid2 = true;
                            }
                            if (valid2) {
                              if (data.ghcr_files !== void 0) {
                                const _errs17 = errors;
                                if (!validate118(data.ghcr_files, { instancePath: instancePath + "/ghcr_files", parentData: data, parentDataProperty: "ghcr_files", rootData, dynamicAnchors })) {
                                  vErrors = vErrors === null ? validate118.errors : vErrors.concat(validate118.errors);
                                  errors = vErrors.length;
                                }
                                var valid2 = _errs17 === errors;
                              } else {
                                var valid2 = true;
                              }
                              if (valid2) {
                                if (data.ghcr_size_raw !== void 0) {
                                  const _errs18 = errors;
                                  if (!validate120(data.ghcr_size_raw, { instancePath: instancePath + "/ghcr_size_raw", parentData: data, parentDataProperty: "ghcr_size_raw", rootData, dynamicAnchors })) {
                                    vErrors = vErrors === null ? validate120.errors : vErrors.concat(validate120.errors);
                                    errors = vErrors.length;
                                  }
                                  var valid2 = _errs18 === errors;
                                } else {
                                  var valid2 = true;
                                }
                                if (valid2) {
                                  if (data.size_raw !== void 0) {
                                    const _errs19 = errors;
                                    if (!validate120(data.size_raw, { instancePath: instancePath + "/size_raw", parentData: data, parentDataProperty: "size_raw", rootData, dynamicAnchors })) {
                                      vErrors = vErrors === null ? validate120.errors : vErrors.concat(validate120.errors);
                                      errors = vErrors.length;
                                    }
                                    var valid2 = _errs19 === errors;
                                  } else {
                                    var valid2 = true;
                                  }
                                  if (valid2) {
                                    if (data.shasum !== void 0) {
                                      const _errs20 = errors;
                                      if (!validate123(data.shasum, { instancePath: instancePath + "/shasum", parentData: data, parentDataProperty: "shasum", rootData, dynamicAnchors })) {
                                        vErrors = vErrors === null ? validate123.errors : vErrors.concat(validate123.errors);
                                        errors = vErrors.length;
                                      }
                                      var valid2 = _errs20 === errors;
                                    } else {
                                      var valid2 = true;
                                    }
                                    if (valid2) {
                                      if (data.bsum !== void 0) {
                                        const _errs21 = errors;
                                        if (!validate123(data.bsum, { instancePath: instancePath + "/bsum", parentData: data, parentDataProperty: "bsum", rootData, dynamicAnchors })) {
                                          vErrors = vErrors === null ? validate123.errors : vErrors.concat(validate123.errors);
                                          errors = vErrors.length;
                                        }
                                        var valid2 = _errs21 === errors;
                                      } else {
                                        var valid2 = true;
                                      }
                                      if (valid2) {
                                        if (data.provides !== void 0) {
                                          const _errs22 = errors;
                                          if (!validate126(data.provides, { instancePath: instancePath + "/provides", parentData: data, parentDataProperty: "provides", rootData, dynamicAnchors })) {
                                            vErrors = vErrors === null ? validate126.errors : vErrors.concat(validate126.errors);
                                            errors = vErrors.length;
                                          }
                                          var valid2 = _errs22 === errors;
                                        } else {
                                          var valid2 = true;
                                        }
                                        if (valid2) {
                                          if (data.snapshots !== void 0) {
                                            const _errs23 = errors;
                                            if (!validate128(data.snapshots, { instancePath: instancePath + "/snapshots", parentData: data, parentDataProperty: "snapshots", rootData, dynamicAnchors })) {
                                              vErrors = vErrors === null ? validate128.errors : vErrors.concat(validate128.errors);
                                              errors = vErrors.length;
                                            }
                                            var valid2 = _errs23 === errors;
                                          } else {
                                            var valid2 = true;
                                          }
                                          if (valid2) {
                                            if (data.homepage !== void 0) {
                                              const _errs24 = errors;
                                              if (!validate130(data.homepage, { instancePath: instancePath + "/homepage", parentData: data, parentDataProperty: "homepage", rootData, dynamicAnchors })) {
                                                vErrors = vErrors === null ? validate130.errors : vErrors.concat(validate130.errors);
                                                errors = vErrors.length;
                                              }
                                              var valid2 = _errs24 === errors;
                                            } else {
                                              var valid2 = true;
                                            }
                                            if (valid2) {
                                              if (data.src_url !== void 0) {
                                                const _errs25 = errors;
                                                if (!validate130(data.src_url, { instancePath: instancePath + "/src_url", parentData: data, parentDataProperty: "src_url", rootData, dynamicAnchors })) {
                                                  vErrors = vErrors === null ? validate130.errors : vErrors.concat(validate130.errors);
                                                  errors = vErrors.length;
                                                }
                                                var valid2 = _errs25 === errors;
                                              } else {
                                                var valid2 = true;
                                              }
                                              if (valid2) {
                                                if (data.license !== void 0) {
                                                  const _errs26 = errors;
                                                  if (!validate133(data.license, { instancePath: instancePath + "/license", parentData: data, parentDataProperty: "license", rootData, dynamicAnchors })) {
                                                    vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
                                                    errors = vErrors.length;
                                                  }
                                                  var valid2 = _errs26 === errors;
                                                } else {
                                                  var valid2 = true;
                                                }
                                                if (valid2) {
                                                  if (data.maintainer !== void 0) {
                                                    const _errs27 = errors;
                                                    if (!validate133(data.maintainer, { instancePath: instancePath + "/maintainer", parentData: data, parentDataProperty: "maintainer", rootData, dynamicAnchors })) {
                                                      vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
                                                      errors = vErrors.length;
                                                    }
                                                    var valid2 = _errs27 === errors;
                                                  } else {
                                                    var valid2 = true;
                                                  }
                                                  if (valid2) {
                                                    if (data.note !== void 0) {
                                                      const _errs28 = errors;
                                                      if (!validate133(data.note, { instancePath: instancePath + "/note", parentData: data, parentDataProperty: "note", rootData, dynamicAnchors })) {
                                                        vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
                                                        errors = vErrors.length;
                                                      }
                                                      var valid2 = _errs28 === errors;
                                                    } else {
                                                      var valid2 = true;
                                                    }
                                                    if (valid2) {
                                                      if (data.category !== void 0) {
                                                        const _errs29 = errors;
                                                        if (!validate133(data.category, { instancePath: instancePath + "/category", parentData: data, parentDataProperty: "category", rootData, dynamicAnchors })) {
                                                          vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
                                                          errors = vErrors.length;
                                                        }
                                                        var valid2 = _errs29 === errors;
                                                      } else {
                                                        var valid2 = true;
                                                      }
                                                      if (valid2) {
                                                        if (data.tag !== void 0) {
                                                          const _errs30 = errors;
                                                          if (!validate133(data.tag, { instancePath: instancePath + "/tag", parentData: data, parentDataProperty: "tag", rootData, dynamicAnchors })) {
                                                            vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
                                                            errors = vErrors.length;
                                                          }
                                                          var valid2 = _errs30 === errors;
                                                        } else {
                                                          var valid2 = true;
                                                        }
                                                        if (valid2) {
                                                          if (data.replaces !== void 0) {
                                                            const _errs31 = errors;
                                                            if (!validate133(data.replaces, { instancePath: instancePath + "/replaces", parentData: data, parentDataProperty: "replaces", rootData, dynamicAnchors })) {
                                                              vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
                                                              errors = vErrors.length;
                                                            }
                                                            var valid2 = _errs31 === errors;
                                                          } else {
                                                            var valid2 = true;
                                                          }
                                                          if (valid2) {
                                                            if (data.rank !== void 0) {
                                                              const _errs32 = errors;
                                                              if (!validate120(data.rank, { instancePath: instancePath + "/rank", parentData: data, parentDataProperty: "rank", rootData, dynamicAnchors })) {
                                                                vErrors = vErrors === null ? validate120.errors : vErrors.concat(validate120.errors);
                                                                errors = vErrors.length;
                                                              }
                                                              var valid2 = _errs32 === errors;
                                                            } else {
                                                              var valid2 = true;
                                                            }
                                                            if (valid2) {
                                                              if (data.download_count !== void 0) {
                                                                const _errs33 = errors;
                                                                if (!validate120(data.download_count, { instancePath: instancePath + "/download_count", parentData: data, parentDataProperty: "download_count", rootData, dynamicAnchors })) {
                                                                  vErrors = vErrors === null ? validate120.errors : vErrors.concat(validate120.errors);
                                                                  errors = vErrors.length;
                                                                }
                                                                var valid2 = _errs33 === errors;
                                                              } else {
                                                                var valid2 = true;
                                                              }
                                                              if (valid2) {
                                                                if (data.deprecated !== void 0) {
                                                                  const _errs34 = errors;
                                                                  if (!validate100(data.deprecated, { instancePath: instancePath + "/deprecated", parentData: data, parentDataProperty: "deprecated", rootData, dynamicAnchors })) {
                                                                    vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors);
                                                                    errors = vErrors.length;
                                                                  }
                                                                  var valid2 = _errs34 === errors;
                                                                } else {
                                                                  var valid2 = true;
                                                                }
                                                                if (valid2) {
                                                                  if (data.installable !== void 0) {
                                                                    const _errs35 = errors;
                                                                    if (!validate100(data.installable, { instancePath: instancePath + "/installable", parentData: data, parentDataProperty: "installable", rootData, dynamicAnchors })) {
                                                                      vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors);
                                                                      errors = vErrors.length;
                                                                    }
                                                                    var valid2 = _errs35 === errors;
                                                                  } else {
                                                                    var valid2 = true;
                                                                  }
                                                                  if (valid2) {
                                                                    if (data.build_date !== void 0) {
                                                                      const _errs36 = errors;
                                                                      if (!validate105(data.build_date, { instancePath: instancePath + "/build_date", parentData: data, parentDataProperty: "build_date", rootData, dynamicAnchors })) {
                                                                        vErrors = vErrors === null ? validate105.errors : vErrors.concat(validate105.errors);
                                                                        errors = vErrors.length;
                                                                      }
                                                                      var valid2 = _errs36 === errors;
                                                                    } else {
                                                                      var valid2 = true;
                                                                    }
                                                                  }
                                                                }
                                                              }
                                                            }
                                                          }
                                                        }
                                                      }
                                                    }
                                                  }
                                                }
                                              }
                                            }
                                          }
                                        }
                                      }
                                    }
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate99.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema35.type, parentSchema: schema35, data }];
      return false;
    }
  }
  validate99.errors = vErrors;
  return errors === 0;
}
validate99.evaluated = { "props": { "_disabled": true, "pkg": true, "pkg_name": true, "pkg_family": true, "pkg_id": true, "pkg_type": true, "version": true, "version_upstream": true, "version_latest": true, "version_outdated": true, "host": true, "description": true, "ghcr_pkg": true, "ghcr_blob": true, "ghcr_files": true, "ghcr_size": true, "ghcr_size_raw": true, "ghcr_url": true, "size": true, "size_raw": true, "shasum": true, "bsum": true, "provides": true, "snapshots": true, "homepage": true, "src_url": true, "license": true, "maintainer": true, "note": true, "category": true, "tag": true, "replaces": true, "repology": true, "rank": true, "download_count": true, "download_count_week": true, "download_count_month": true, "deprecated": true, "installable": true, "build_date": true, "build_id": true, "build_gha": true, "build_log": true, "build_script": true, "app_id": true, "appstream": true, "bundle": true, "desktop": true, "desktop_integration": true, "download_url": true, "external": true, "icon": true, "manifest_url": true, "pkg_webpage": true, "portable": true, "recurse_provides": true, "trusted": true }, "dynamicProps": false, "dynamicItems": false };
var validateG3 = validate145;
var schema50 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "G3Entry", "description": 'An entry of a third-generation index, `{"format":1,"packages":[…]}`: the program is fetched from an address, not from a registry.', "type": "object", "required": ["pkg_name", "version", "download_url"], "properties": { "pkg": { "$ref": "common.schema.json#/$defs/name", "description": "Name of the recipe, if it differs from `pkg_name`." }, "pkg_name": { "$ref": "common.schema.json#/$defs/name", "description": "Name the package is installed as." }, "pkg_family": { "$ref": "common.schema.json#/$defs/label", "description": "Family the package belongs to." }, "pkg_id": { "$ref": "common.schema.json#/$defs/label", "description": "Identity of the package, where several share a name." }, "pkg_type": { "$ref": "common.schema.json#/$defs/label", "description": "Kind of program, e.g. `static`, `archive`, `appimage`." }, "version": { "$ref": "common.schema.json#/$defs/version", "description": "Version of the package. Several entries of one name may differ in it." }, "host": { "$ref": "common.schema.json#/$defs/label", "description": "Platform that the program runs on; compared case-insensitively." }, "date": { "$ref": "common.schema.json#/$defs/label", "description": "When it was released, ISO 8601." }, "description": { "$ref": "common.schema.json#/$defs/text", "description": "What the program does, in a sentence." }, "download_url": { "description": "Where the artifact is: http or https.", "type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s\\p{Cc}\\p{Cf}]+$" }, "size": { "$ref": "common.schema.json#/$defs/number", "description": "Bytes of the artifact." }, "shasum": { "$ref": "common.schema.json#/$defs/hash", "description": "SHA-256 of the artifact, lower-case hex." }, "bsum": { "$ref": "common.schema.json#/$defs/hash", "description": "BLAKE3 of the artifact, lower-case hex." }, "provides": { "$ref": "common.schema.json#/$defs/provides", "description": "Programs and links, as in the older formats." }, "homepage": { "$ref": "common.schema.json#/$defs/urls", "description": "Addresses of the project." }, "src_url": { "$ref": "common.schema.json#/$defs/urls", "description": "Addresses of the source code." }, "license": { "$ref": "common.schema.json#/$defs/texts", "description": "Licences, by SPDX name where there is one." }, "maintainer": { "$ref": "common.schema.json#/$defs/texts", "description": "Maintainers of the package, each as `Name (contact)`." }, "note": { "$ref": "common.schema.json#/$defs/texts", "description": "Notes for people who install the package." }, "category": { "$ref": "common.schema.json#/$defs/texts", "description": "Desktop categories." }, "tag": { "$ref": "common.schema.json#/$defs/texts", "description": "Words that searches find the package by." }, "replaces": { "$ref": "common.schema.json#/$defs/texts", "description": "Values of `pkg_id` that this package replaces." }, "repology": { "description": "Names of the project at Repology. Not used by `pkg`, so never a reason to refuse the entry." }, "rank": { "$ref": "common.schema.json#/$defs/number", "description": "Rank by popularity, 1 first." }, "download_count": { "$ref": "common.schema.json#/$defs/number", "description": "Downloads so far." }, "_disabled": { "$ref": "common.schema.json#/$defs/flag", "description": "`true`: the entry is withdrawn and cannot be installed." }, "deprecated": { "$ref": "common.schema.json#/$defs/flag", "description": "`true`: no longer maintained; still installable." }, "installable": { "$ref": "common.schema.json#/$defs/flag", "description": "`false`: listed, but cannot be installed." }, "extra": { "description": "Further files to fetch: `url`, `to`, `blake3`, `sha256`. Not used by `pkg`, so never a reason to refuse the entry." }, "files": { "description": "What to take from the artifact and where to put it.", "type": ["array", "null"], "maxItems": 4096, "items": { "title": "G3File", "type": "object", "required": ["to"], "properties": { "source": { "description": "Path inside the artifact; empty or absent: the artifact itself.", "type": ["string", "null"], "maxLength": 1024, "pattern": "^[^\\p{Cc}\\p{Cf}]*$" }, "to": { "description": "Where it belongs, relative, in FHS form: `bin/x`, `share/man/man1/x.1`; no `.` or `..` segment.", "type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$" }, "alias": { "description": "Further names for it.", "type": ["string", "array", "null"], "maxLength": 512, "maxItems": 1024, "items": { "type": "string", "maxLength": 512 } } } } } } };
function validate146(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate146.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 128 && func1(data) > 128) {
        validate146.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema22, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate146.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22, data }];
          return false;
        } else {
          if (!pattern3.test(data)) {
            validate146.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$", parentSchema: schema22, data }];
            return false;
          }
        }
      }
    } else {
      validate146.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.type, parentSchema: schema22, data }];
      return false;
    }
  }
  validate146.errors = vErrors;
  return errors === 0;
}
validate146.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate149(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate149.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate149.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema23.type }, message: "must be string,null", schema: schema23.type, parentSchema: schema23, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate149.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema23, data }];
        return false;
      } else {
        if (!pattern4.test(data)) {
          validate149.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\p{Cc}\\p{Cf}]*$", parentSchema: schema23, data }];
          return false;
        }
      }
    }
  }
  validate149.errors = vErrors;
  return errors === 0;
}
validate149.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate153(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate153.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate153.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema24, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate153.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema24, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate153.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema24, data }];
            return false;
          }
        }
      }
    } else {
      validate153.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema24.type, parentSchema: schema24, data }];
      return false;
    }
  }
  validate153.errors = vErrors;
  return errors === 0;
}
validate153.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate157(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate157.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate157.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema25.type }, message: "must be string,null", schema: schema25.type, parentSchema: schema25, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate157.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema25, data }];
        return false;
      }
    }
  }
  validate157.errors = vErrors;
  return errors === 0;
}
validate157.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate159(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate159.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!(typeof data == "number" && isFinite(data)) && typeof data !== "string" && data !== null) {
    validate159.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema44.type }, message: "must be number,string,null", schema: schema44.type, parentSchema: schema44, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 64 && func1(data) > 64) {
        validate159.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema44, data }];
        return false;
      }
    }
  }
  validate159.errors = vErrors;
  return errors === 0;
}
validate159.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate161(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate161.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate161.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema30.type }, message: "must be string,null", schema: schema30.type, parentSchema: schema30, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern9.test(data)) {
        validate161.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" }, message: 'must match pattern "^[0-9a-f]{64}$"', schema: "^[0-9a-f]{64}$", parentSchema: schema30, data }];
        return false;
      }
    }
  }
  validate161.errors = vErrors;
  return errors === 0;
}
validate161.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate164(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate164.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!Array.isArray(data) && data !== null) {
    validate164.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema31.type }, message: "must be array,null", schema: schema31.type, parentSchema: schema31, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 4096) {
        validate164.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema31, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 512 && func1(data0) > 512) {
                validate164.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema31.items, data: data0 }];
                return false;
              }
            } else {
              validate164.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema31.items.type, parentSchema: schema31.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate164.errors = vErrors;
  return errors === 0;
}
validate164.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate166(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate166.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate166.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema33.type }, message: "must be string,array,null", schema: schema33.type, parentSchema: schema33, data }];
    return false;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 1024) {
        validate166.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema33, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (typeof data0 !== "string") {
            validate166.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.items.type, parentSchema: schema33.items, data: data0 }];
            return false;
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    }
  }
  validate166.errors = vErrors;
  return errors === 0;
}
validate166.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate169(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate169.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && !Array.isArray(data) && data !== null) {
    validate169.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema34.type }, message: "must be string,array,null", schema: schema34.type, parentSchema: schema34, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate169.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema34, data }];
        return false;
      }
    }
    if (errors === 0) {
      if (Array.isArray(data)) {
        if (data.length > 1024) {
          validate169.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema34, data }];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (typeof data0 === "string") {
                if (data0.length > 16384 && func1(data0) > 16384) {
                  validate169.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema34.items, data: data0 }];
                  return false;
                }
              } else {
                validate169.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema34.items.type, parentSchema: schema34.items, data: data0 }];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    }
  }
  validate169.errors = vErrors;
  return errors === 0;
}
validate169.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
function validate178(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate178.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!(data === true || data === false || data === "true" || data === "false" || data === null)) {
    validate178.errors = [{ instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema36.enum }, message: "must be equal to one of the allowed values", schema: schema36.enum, parentSchema: schema36, data }];
    return false;
  }
  validate178.errors = vErrors;
  return errors === 0;
}
validate178.evaluated = { "dynamicProps": false, "dynamicItems": false };
var pattern20 = lazyPattern("^https?://[^\\s\\p{Cc}\\p{Cf}]+$", "u");
var pattern23 = lazyPattern("^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$", "u");
function validate145(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate145.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.pkg_name === void 0 && (missing0 = "pkg_name") || data.version === void 0 && (missing0 = "version") || data.download_url === void 0 && (missing0 = "download_url")) {
        validate145.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema50.required, parentSchema: schema50, data }];
        return false;
      } else {
        if (data.pkg !== void 0) {
          const _errs1 = errors;
          if (!validate146(data.pkg, { instancePath: instancePath + "/pkg", parentData: data, parentDataProperty: "pkg", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate146.errors : vErrors.concat(validate146.errors);
            errors = vErrors.length;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.pkg_name !== void 0) {
            const _errs2 = errors;
            if (!validate146(data.pkg_name, { instancePath: instancePath + "/pkg_name", parentData: data, parentDataProperty: "pkg_name", rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate146.errors : vErrors.concat(validate146.errors);
              errors = vErrors.length;
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.pkg_family !== void 0) {
              const _errs3 = errors;
              if (!validate149(data.pkg_family, { instancePath: instancePath + "/pkg_family", parentData: data, parentDataProperty: "pkg_family", rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate149.errors : vErrors.concat(validate149.errors);
                errors = vErrors.length;
              }
              var valid0 = _errs3 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.pkg_id !== void 0) {
                const _errs4 = errors;
                if (!validate149(data.pkg_id, { instancePath: instancePath + "/pkg_id", parentData: data, parentDataProperty: "pkg_id", rootData, dynamicAnchors })) {
                  vErrors = vErrors === null ? validate149.errors : vErrors.concat(validate149.errors);
                  errors = vErrors.length;
                }
                var valid0 = _errs4 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.pkg_type !== void 0) {
                  const _errs5 = errors;
                  if (!validate149(data.pkg_type, { instancePath: instancePath + "/pkg_type", parentData: data, parentDataProperty: "pkg_type", rootData, dynamicAnchors })) {
                    vErrors = vErrors === null ? validate149.errors : vErrors.concat(validate149.errors);
                    errors = vErrors.length;
                  }
                  var valid0 = _errs5 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.version !== void 0) {
                    const _errs6 = errors;
                    if (!validate153(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors })) {
                      vErrors = vErrors === null ? validate153.errors : vErrors.concat(validate153.errors);
                      errors = vErrors.length;
                    }
                    var valid0 = _errs6 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.host !== void 0) {
                      const _errs7 = errors;
                      if (!validate149(data.host, { instancePath: instancePath + "/host", parentData: data, parentDataProperty: "host", rootData, dynamicAnchors })) {
                        vErrors = vErrors === null ? validate149.errors : vErrors.concat(validate149.errors);
                        errors = vErrors.length;
                      }
                      var valid0 = _errs7 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.date !== void 0) {
                        const _errs8 = errors;
                        if (!validate149(data.date, { instancePath: instancePath + "/date", parentData: data, parentDataProperty: "date", rootData, dynamicAnchors })) {
                          vErrors = vErrors === null ? validate149.errors : vErrors.concat(validate149.errors);
                          errors = vErrors.length;
                        }
                        var valid0 = _errs8 === errors;
                      } else {
                        var valid0 = true;
                      }
                      if (valid0) {
                        if (data.description !== void 0) {
                          const _errs9 = errors;
                          if (!validate157(data.description, { instancePath: instancePath + "/description", parentData: data, parentDataProperty: "description", rootData, dynamicAnchors })) {
                            vErrors = vErrors === null ? validate157.errors : vErrors.concat(validate157.errors);
                            errors = vErrors.length;
                          }
                          var valid0 = _errs9 === errors;
                        } else {
                          var valid0 = true;
                        }
                        if (valid0) {
                          if (data.download_url !== void 0) {
                            let data9 = data.download_url;
                            const _errs10 = errors;
                            if (errors === _errs10) {
                              if (typeof data9 === "string") {
                                if (data9.length > 2048 && func1(data9) > 2048) {
                                  validate145.errors = [{ instancePath: instancePath + "/download_url", schemaPath: "#/properties/download_url/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema50.properties.download_url, data: data9 }];
                                  return false;
                                } else {
                                  if (!pattern20.test(data9)) {
                                    validate145.errors = [{ instancePath: instancePath + "/download_url", schemaPath: "#/properties/download_url/pattern", keyword: "pattern", params: { pattern: "^https?://[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^https?://[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^https?://[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema50.properties.download_url, data: data9 }];
                                    return false;
                                  }
                                }
                              } else {
                                validate145.errors = [{ instancePath: instancePath + "/download_url", schemaPath: "#/properties/download_url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema50.properties.download_url.type, parentSchema: schema50.properties.download_url, data: data9 }];
                                return false;
                              }
                            }
                            var valid0 = _errs10 === errors;
                          } else {
                            var valid0 = true;
                          }
                          if (valid0) {
                            if (data.size !== void 0) {
                              const _errs12 = errors;
                              if (!validate159(data.size, { instancePath: instancePath + "/size", parentData: data, parentDataProperty: "size", rootData, dynamicAnchors })) {
                                vErrors = vErrors === null ? validate159.errors : vErrors.concat(validate159.errors);
                                errors = vErrors.length;
                              }
                              var valid0 = _errs12 === errors;
                            } else {
                              var valid0 = true;
                            }
                            if (valid0) {
                              if (data.shasum !== void 0) {
                                const _errs13 = errors;
                                if (!validate161(data.shasum, { instancePath: instancePath + "/shasum", parentData: data, parentDataProperty: "shasum", rootData, dynamicAnchors })) {
                                  vErrors = vErrors === null ? validate161.errors : vErrors.concat(validate161.errors);
                                  errors = vErrors.length;
                                }
                                var valid0 = _errs13 === errors;
                              } else {
                                var valid0 = true;
                              }
                              if (valid0) {
                                if (data.bsum !== void 0) {
                                  const _errs14 = errors;
                                  if (!validate161(data.bsum, { instancePath: instancePath + "/bsum", parentData: data, parentDataProperty: "bsum", rootData, dynamicAnchors })) {
                                    vErrors = vErrors === null ? validate161.errors : vErrors.concat(validate161.errors);
                                    errors = vErrors.length;
                                  }
                                  var valid0 = _errs14 === errors;
                                } else {
                                  var valid0 = true;
                                }
                                if (valid0) {
                                  if (data.provides !== void 0) {
                                    const _errs15 = errors;
                                    if (!validate164(data.provides, { instancePath: instancePath + "/provides", parentData: data, parentDataProperty: "provides", rootData, dynamicAnchors })) {
                                      vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
                                      errors = vErrors.length;
                                    }
                                    var valid0 = _errs15 === errors;
                                  } else {
                                    var valid0 = true;
                                  }
                                  if (valid0) {
                                    if (data.homepage !== void 0) {
                                      const _errs16 = errors;
                                      if (!validate166(data.homepage, { instancePath: instancePath + "/homepage", parentData: data, parentDataProperty: "homepage", rootData, dynamicAnchors })) {
                                        vErrors = vErrors === null ? validate166.errors : vErrors.concat(validate166.errors);
                                        errors = vErrors.length;
                                      }
                                      var valid0 = _errs16 === errors;
                                    } else {
                                      var valid0 = true;
                                    }
                                    if (valid0) {
                                      if (data.src_url !== void 0) {
                                        const _errs17 = errors;
                                        if (!validate166(data.src_url, { instancePath: instancePath + "/src_url", parentData: data, parentDataProperty: "src_url", rootData, dynamicAnchors })) {
                                          vErrors = vErrors === null ? validate166.errors : vErrors.concat(validate166.errors);
                                          errors = vErrors.length;
                                        }
                                        var valid0 = _errs17 === errors;
                                      } else {
                                        var valid0 = true;
                                      }
                                      if (valid0) {
                                        if (data.license !== void 0) {
                                          const _errs18 = errors;
                                          if (!validate169(data.license, { instancePath: instancePath + "/license", parentData: data, parentDataProperty: "license", rootData, dynamicAnchors })) {
                                            vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
                                            errors = vErrors.length;
                                          }
                                          var valid0 = _errs18 === errors;
                                        } else {
                                          var valid0 = true;
                                        }
                                        if (valid0) {
                                          if (data.maintainer !== void 0) {
                                            const _errs19 = errors;
                                            if (!validate169(data.maintainer, { instancePath: instancePath + "/maintainer", parentData: data, parentDataProperty: "maintainer", rootData, dynamicAnchors })) {
                                              vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
                                              errors = vErrors.length;
                                            }
                                            var valid0 = _errs19 === errors;
                                          } else {
                                            var valid0 = true;
                                          }
                                          if (valid0) {
                                            if (data.note !== void 0) {
                                              const _errs20 = errors;
                                              if (!validate169(data.note, { instancePath: instancePath + "/note", parentData: data, parentDataProperty: "note", rootData, dynamicAnchors })) {
                                                vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
                                                errors = vErrors.length;
                                              }
                                              var valid0 = _errs20 === errors;
                                            } else {
                                              var valid0 = true;
                                            }
                                            if (valid0) {
                                              if (data.category !== void 0) {
                                                const _errs21 = errors;
                                                if (!validate169(data.category, { instancePath: instancePath + "/category", parentData: data, parentDataProperty: "category", rootData, dynamicAnchors })) {
                                                  vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
                                                  errors = vErrors.length;
                                                }
                                                var valid0 = _errs21 === errors;
                                              } else {
                                                var valid0 = true;
                                              }
                                              if (valid0) {
                                                if (data.tag !== void 0) {
                                                  const _errs22 = errors;
                                                  if (!validate169(data.tag, { instancePath: instancePath + "/tag", parentData: data, parentDataProperty: "tag", rootData, dynamicAnchors })) {
                                                    vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
                                                    errors = vErrors.length;
                                                  }
                                                  var valid0 = _errs22 === errors;
                                                } else {
                                                  var valid0 = true;
                                                }
                                                if (valid0) {
                                                  if (data.replaces !== void 0) {
                                                    const _errs23 = errors;
                                                    if (!validate169(data.replaces, { instancePath: instancePath + "/replaces", parentData: data, parentDataProperty: "replaces", rootData, dynamicAnchors })) {
                                                      vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
                                                      errors = vErrors.length;
                                                    }
                                                    var valid0 = _errs23 === errors;
                                                  } else {
                                                    var valid0 = true;
                                                  }
                                                  if (valid0) {
                                                    if (data.rank !== void 0) {
                                                      const _errs24 = errors;
                                                      if (!validate159(data.rank, { instancePath: instancePath + "/rank", parentData: data, parentDataProperty: "rank", rootData, dynamicAnchors })) {
                                                        vErrors = vErrors === null ? validate159.errors : vErrors.concat(validate159.errors);
                                                        errors = vErrors.length;
                                                      }
                                                      var valid0 = _errs24 === errors;
                                                    } else {
                                                      var valid0 = true;
                                                    }
                                                    if (valid0) {
                                                      if (data.download_count !== void 0) {
                                                        const _errs25 = errors;
                                                        if (!validate159(data.download_count, { instancePath: instancePath + "/download_count", parentData: data, parentDataProperty: "download_count", rootData, dynamicAnchors })) {
                                                          vErrors = vErrors === null ? validate159.errors : vErrors.concat(validate159.errors);
                                                          errors = vErrors.length;
                                                        }
                                                        var valid0 = _errs25 === errors;
                                                      } else {
                                                        var valid0 = true;
                                                      }
                                                      if (valid0) {
                                                        if (data._disabled !== void 0) {
                                                          const _errs26 = errors;
                                                          if (!validate178(data._disabled, { instancePath: instancePath + "/_disabled", parentData: data, parentDataProperty: "_disabled", rootData, dynamicAnchors })) {
                                                            vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors);
                                                            errors = vErrors.length;
                                                          }
                                                          var valid0 = _errs26 === errors;
                                                        } else {
                                                          var valid0 = true;
                                                        }
                                                        if (valid0) {
                                                          if (data.deprecated !== void 0) {
                                                            const _errs27 = errors;
                                                            if (!validate178(data.deprecated, { instancePath: instancePath + "/deprecated", parentData: data, parentDataProperty: "deprecated", rootData, dynamicAnchors })) {
                                                              vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors);
                                                              errors = vErrors.length;
                                                            }
                                                            var valid0 = _errs27 === errors;
                                                          } else {
                                                            var valid0 = true;
                                                          }
                                                          if (valid0) {
                                                            if (data.installable !== void 0) {
                                                              const _errs28 = errors;
                                                              if (!validate178(data.installable, { instancePath: instancePath + "/installable", parentData: data, parentDataProperty: "installable", rootData, dynamicAnchors })) {
                                                                vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors);
                                                                errors = vErrors.length;
                                                              }
                                                              var valid0 = _errs28 === errors;
                                                            } else {
                                                              var valid0 = true;
                                                            }
                                                            if (valid0) {
                                                              if (data.files !== void 0) {
                                                                let data27 = data.files;
                                                                const _errs29 = errors;
                                                                if (!Array.isArray(data27) && data27 !== null) {
                                                                  validate145.errors = [{ instancePath: instancePath + "/files", schemaPath: "#/properties/files/type", keyword: "type", params: { type: schema50.properties.files.type }, message: "must be array,null", schema: schema50.properties.files.type, parentSchema: schema50.properties.files, data: data27 }];
                                                                  return false;
                                                                }
                                                                if (errors === _errs29) {
                                                                  if (Array.isArray(data27)) {
                                                                    if (data27.length > 4096) {
                                                                      validate145.errors = [{ instancePath: instancePath + "/files", schemaPath: "#/properties/files/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema50.properties.files, data: data27 }];
                                                                      return false;
                                                                    } else {
                                                                      var valid1 = true;
                                                                      const len0 = data27.length;
                                                                      for (let i0 = 0; i0 < len0; i0++) {
                                                                        let data28 = data27[i0];
                                                                        const _errs31 = errors;
                                                                        if (errors === _errs31) {
                                                                          if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
                                                                            let missing1;
                                                                            if (data28.to === void 0 && (missing1 = "to")) {
                                                                              validate145.errors = [{ instancePath: instancePath + "/files/" + i0, schemaPath: "#/properties/files/items/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'", schema: schema50.properties.files.items.required, parentSchema: schema50.properties.files.items, data: data28 }];
                                                                              return false;
                                                                            } else {
                                                                              if (data28.source !== void 0) {
                                                                                let data29 = data28.source;
                                                                                const _errs33 = errors;
                                                                                if (typeof data29 !== "string" && data29 !== null) {
                                                                                  validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/source", schemaPath: "#/properties/files/items/properties/source/type", keyword: "type", params: { type: schema50.properties.files.items.properties.source.type }, message: "must be string,null", schema: schema50.properties.files.items.properties.source.type, parentSchema: schema50.properties.files.items.properties.source, data: data29 }];
                                                                                  return false;
                                                                                }
                                                                                if (errors === _errs33) {
                                                                                  if (typeof data29 === "string") {
                                                                                    if (data29.length > 1024 && func1(data29) > 1024) {
                                                                                      validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/source", schemaPath: "#/properties/files/items/properties/source/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema50.properties.files.items.properties.source, data: data29 }];
                                                                                      return false;
                                                                                    } else {
                                                                                      if (!pattern4.test(data29)) {
                                                                                        validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/source", schemaPath: "#/properties/files/items/properties/source/pattern", keyword: "pattern", params: { pattern: "^[^\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\p{Cc}\\p{Cf}]*$", parentSchema: schema50.properties.files.items.properties.source, data: data29 }];
                                                                                        return false;
                                                                                      }
                                                                                    }
                                                                                  }
                                                                                }
                                                                                var valid2 = _errs33 === errors;
                                                                              } else {
                                                                                var valid2 = true;
                                                                              }
                                                                              if (valid2) {
                                                                                if (data28.to !== void 0) {
                                                                                  let data30 = data28.to;
                                                                                  const _errs35 = errors;
                                                                                  if (errors === _errs35) {
                                                                                    if (typeof data30 === "string") {
                                                                                      if (data30.length > 1024 && func1(data30) > 1024) {
                                                                                        validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/to", schemaPath: "#/properties/files/items/properties/to/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema50.properties.files.items.properties.to, data: data30 }];
                                                                                        return false;
                                                                                      } else {
                                                                                        if (data30.length < 2 && func1(data30) < 1) {
                                                                                          validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/to", schemaPath: "#/properties/files/items/properties/to/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema50.properties.files.items.properties.to, data: data30 }];
                                                                                          return false;
                                                                                        } else {
                                                                                          if (!pattern23.test(data30)) {
                                                                                            validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/to", schemaPath: "#/properties/files/items/properties/to/pattern", keyword: "pattern", params: { pattern: "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$"', schema: "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$", parentSchema: schema50.properties.files.items.properties.to, data: data30 }];
                                                                                            return false;
                                                                                          }
                                                                                        }
                                                                                      }
                                                                                    } else {
                                                                                      validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/to", schemaPath: "#/properties/files/items/properties/to/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema50.properties.files.items.properties.to.type, parentSchema: schema50.properties.files.items.properties.to, data: data30 }];
                                                                                      return false;
                                                                                    }
                                                                                  }
                                                                                  var valid2 = _errs35 === errors;
                                                                                } else {
                                                                                  var valid2 = true;
                                                                                }
                                                                                if (valid2) {
                                                                                  if (data28.alias !== void 0) {
                                                                                    let data31 = data28.alias;
                                                                                    const _errs37 = errors;
                                                                                    if (typeof data31 !== "string" && !Array.isArray(data31) && data31 !== null) {
                                                                                      validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/alias", schemaPath: "#/properties/files/items/properties/alias/type", keyword: "type", params: { type: schema50.properties.files.items.properties.alias.type }, message: "must be string,array,null", schema: schema50.properties.files.items.properties.alias.type, parentSchema: schema50.properties.files.items.properties.alias, data: data31 }];
                                                                                      return false;
                                                                                    }
                                                                                    if (errors === _errs37) {
                                                                                      if (typeof data31 === "string") {
                                                                                        if (data31.length > 512 && func1(data31) > 512) {
                                                                                          validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/alias", schemaPath: "#/properties/files/items/properties/alias/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema50.properties.files.items.properties.alias, data: data31 }];
                                                                                          return false;
                                                                                        }
                                                                                      }
                                                                                      if (errors === _errs37) {
                                                                                        if (Array.isArray(data31)) {
                                                                                          if (data31.length > 1024) {
                                                                                            validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/alias", schemaPath: "#/properties/files/items/properties/alias/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema50.properties.files.items.properties.alias, data: data31 }];
                                                                                            return false;
                                                                                          } else {
                                                                                            var valid3 = true;
                                                                                            const len1 = data31.length;
                                                                                            for (let i1 = 0; i1 < len1; i1++) {
                                                                                              let data32 = data31[i1];
                                                                                              const _errs39 = errors;
                                                                                              if (errors === _errs39) {
                                                                                                if (typeof data32 === "string") {
                                                                                                  if (data32.length > 512 && func1(data32) > 512) {
                                                                                                    validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/alias/" + i1, schemaPath: "#/properties/files/items/properties/alias/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema50.properties.files.items.properties.alias.items, data: data32 }];
                                                                                                    return false;
                                                                                                  }
                                                                                                } else {
                                                                                                  validate145.errors = [{ instancePath: instancePath + "/files/" + i0 + "/alias/" + i1, schemaPath: "#/properties/files/items/properties/alias/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema50.properties.files.items.properties.alias.items.type, parentSchema: schema50.properties.files.items.properties.alias.items, data: data32 }];
                                                                                                  return false;
                                                                                                }
                                                                                              }
                                                                                              var valid3 = _errs39 === errors;
                                                                                              if (!valid3) {
                                                                                                break;
                                                                                              }
                                                                                            }
                                                                                          }
                                                                                        }
                                                                                      }
                                                                                    }
                                                                                    var valid2 = _errs37 === errors;
                                                                                  } else {
                                                                                    var valid2 = true;
                                                                                  }
                                                                                }
                                                                              }
                                                                            }
                                                                          } else {
                                                                            validate145.errors = [{ instancePath: instancePath + "/files/" + i0, schemaPath: "#/properties/files/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema50.properties.files.items.type, parentSchema: schema50.properties.files.items, data: data28 }];
                                                                            return false;
                                                                          }
                                                                        }
                                                                        var valid1 = _errs31 === errors;
                                                                        if (!valid1) {
                                                                          break;
                                                                        }
                                                                      }
                                                                    }
                                                                  }
                                                                }
                                                                var valid0 = _errs29 === errors;
                                                              } else {
                                                                var valid0 = true;
                                                              }
                                                            }
                                                          }
                                                        }
                                                      }
                                                    }
                                                  }
                                                }
                                              }
                                            }
                                          }
                                        }
                                      }
                                    }
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate145.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema50.type, parentSchema: schema50, data }];
      return false;
    }
  }
  validate145.errors = vErrors;
  return errors === 0;
}
validate145.evaluated = { "props": { "pkg": true, "pkg_name": true, "pkg_family": true, "pkg_id": true, "pkg_type": true, "version": true, "host": true, "date": true, "description": true, "download_url": true, "size": true, "shasum": true, "bsum": true, "provides": true, "homepage": true, "src_url": true, "license": true, "maintainer": true, "note": true, "category": true, "tag": true, "replaces": true, "repology": true, "rank": true, "download_count": true, "_disabled": true, "deprecated": true, "installable": true, "extra": true, "files": true }, "dynamicProps": false, "dynamicItems": false };
var validatePackage = validate182;
var schema61 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "V1Entry", "description": "A package for one platform: an entry of a package index of the first version, and the file `PROGRAM.json` inside the package. The fields have the names of G1; booleans and numbers are not written as text.", "type": "object", "required": ["pkg", "pkg_name", "pkg_id", "pkg_type", "version", "host", "ghcr_pkg", "ghcr_blob", "shasum", "bsum", "size_raw", "provides"], "properties": { "_disabled": { "type": "boolean", "description": "`true`: the entry is withdrawn and cannot be installed." }, "pkg": { "$ref": "common.schema.json#/$defs/name", "description": "Name of the recipe, e.g. `7z.static`; used as `pkg_name` when that is missing." }, "pkg_name": { "$ref": "common.schema.json#/$defs/name", "description": "Name the package is installed as, e.g. `7z`." }, "pkg_family": { "$ref": "common.schema.json#/$defs/name", "description": "Family the package belongs to, e.g. `curl`; typed as `family/name`." }, "pkg_id": { "type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$", "description": "Identity of the package, e.g. `github.com.ip7z.7zip`; with name, version and type it identifies an entry." }, "pkg_type": { "enum": ["static", "dynamic", "script", "archive"], "description": "Kind of program: `static` (needs no library), `dynamic`, `script`, `archive` (a directory as `tar.zst`)." }, "version": { "$ref": "common.schema.json#/$defs/version", "description": "Version of the package: semver, a date, `HEAD-<commit>-<time>` or anything else. Case matters." }, "host": { "type": "string", "maxLength": 64, "pattern": "^[A-Za-z0-9_]+-[A-Za-z0-9]+$", "description": "Platform that the program runs on, e.g. `x86_64-linux`." }, "libc": { "enum": ["glibc", "musl", "static"], "description": "The C library that the program needs; `static`: none. Absent when it does not matter." }, "description": { "$ref": "common.schema.json#/$defs/text", "description": "What the program does, in a sentence." }, "ghcr_pkg": { "$ref": "common.schema.json#/$defs/reference", "description": "Reference of the manifest for this platform, by tag, e.g. `ghcr.io/me/tools/trurl:8.14.1-x86_64-linux`." }, "ghcr_blob": { "type": "string", "maxLength": 1024, "pattern": "^[^\\s@]+@sha256:[0-9a-f]{64}$", "description": "Reference of the main file's blob by digest. Its digest is `shasum`." }, "ghcr_files": { "type": "array", "maxItems": 4096, "items": { "type": "string", "minLength": 1, "maxLength": 512 }, "description": "Titles of all files in the artifact." }, "ghcr_size_raw": { "$ref": "common.schema.json#/$defs/count", "description": "Bytes of all files." }, "manifest_digest": { "$ref": "common.schema.json#/$defs/digest", "description": "Digest of the manifest that `ghcr_pkg` names: a tag may move, this does not. Only in an index, because a file cannot hold the digest of the manifest that names it." }, "size_raw": { "$ref": "common.schema.json#/$defs/count", "description": "Bytes of the main file." }, "shasum": { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the main file, lower-case hex." }, "bsum": { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "BLAKE3 of the main file, lower-case hex." }, "provides": { "type": "array", "maxItems": 4096, "items": { "type": "string", "minLength": 1, "maxLength": 512 }, "description": "Programs and links: `a` (a program), `a==b` (kept under both names), `a=>b` (linked as `b` only), `a:b` (alias), `@a` (extra program)." }, "homepage": { "$ref": "common.schema.json#/$defs/list", "description": "Addresses of the project." }, "src_url": { "$ref": "common.schema.json#/$defs/list", "description": "Addresses of the source code." }, "license": { "$ref": "common.schema.json#/$defs/list", "description": "Licences, each an SPDX expression." }, "maintainer": { "$ref": "common.schema.json#/$defs/list", "description": "Maintainers of the package, each as `Name (contact)`." }, "note": { "$ref": "common.schema.json#/$defs/list", "description": "Notes for people who install the package." }, "category": { "$ref": "common.schema.json#/$defs/list", "description": "Desktop categories." }, "tag": { "$ref": "common.schema.json#/$defs/list", "description": "Words that searches find the package by." }, "replaces": { "$ref": "common.schema.json#/$defs/list", "description": "Values of `pkg_id` that this package replaces." }, "deprecated": { "type": "boolean", "description": "`true`: no longer maintained; still installable." }, "installable": { "type": "boolean", "description": "`false`: listed, but cannot be installed." }, "build_date": { "$ref": "common.schema.json#/$defs/time", "description": "When it was built." }, "rank": { "$ref": "common.schema.json#/$defs/count", "description": "Rank by popularity, 1 first." }, "download_count": { "$ref": "common.schema.json#/$defs/count", "description": "Downloads so far." } } };
function validate183(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate183.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 128 && func1(data) > 128) {
        validate183.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema22, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate183.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22, data }];
          return false;
        } else {
          if (!pattern3.test(data)) {
            validate183.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$", parentSchema: schema22, data }];
            return false;
          }
        }
      }
    } else {
      validate183.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.type, parentSchema: schema22, data }];
      return false;
    }
  }
  validate183.errors = vErrors;
  return errors === 0;
}
validate183.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate187(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate187.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate187.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema24, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate187.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema24, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate187.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema24, data }];
            return false;
          }
        }
      }
    } else {
      validate187.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema24.type, parentSchema: schema24, data }];
      return false;
    }
  }
  validate187.errors = vErrors;
  return errors === 0;
}
validate187.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate189(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate189.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (typeof data !== "string" && data !== null) {
    validate189.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema25.type }, message: "must be string,null", schema: schema25.type, parentSchema: schema25, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 16384 && func1(data) > 16384) {
        validate189.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema25, data }];
        return false;
      }
    }
  }
  validate189.errors = vErrors;
  return errors === 0;
}
validate189.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate191(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate191.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 1024 && func1(data) > 1024) {
        validate191.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema26, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate191.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema26, data }];
          return false;
        } else {
          if (!pattern5.test(data)) {
            validate191.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema26, data }];
            return false;
          }
        }
      }
    } else {
      validate191.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema26.type, parentSchema: schema26, data }];
      return false;
    }
  }
  validate191.errors = vErrors;
  return errors === 0;
}
validate191.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema66 = { "description": "A whole number.", "type": "integer", "minimum": 0, "maximum": 9007199254740991 };
function validate193(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate193.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data))) {
    validate193.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema66.type, parentSchema: schema66, data }];
    return false;
  }
  if (errors === 0) {
    if (typeof data == "number" && isFinite(data)) {
      if (data > 9007199254740991 || isNaN(data)) {
        validate193.errors = [{ instancePath, schemaPath: "#/maximum", keyword: "maximum", params: { comparison: "<=", limit: 9007199254740991 }, message: "must be <= 9007199254740991", schema: 9007199254740991, parentSchema: schema66, data }];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate193.errors = [{ instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema66, data }];
          return false;
        }
      }
    }
  }
  validate193.errors = vErrors;
  return errors === 0;
}
validate193.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema67 = { "description": "A digest: algorithm and lower-case hex.", "type": "string", "pattern": "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" };
var pattern30 = lazyPattern("^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", "u");
function validate195(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate195.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern30.test(data)) {
        validate195.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" }, message: 'must match pattern "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$"', schema: "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", parentSchema: schema67, data }];
        return false;
      }
    } else {
      validate195.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema67.type, parentSchema: schema67, data }];
      return false;
    }
  }
  validate195.errors = vErrors;
  return errors === 0;
}
validate195.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema68 = { "description": "Texts for people.", "type": "array", "maxItems": 1024, "items": { "type": "string", "minLength": 1, "maxLength": 16384 } };
function validate198(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate198.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 1024) {
        validate198.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema68, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 16384 && func1(data0) > 16384) {
                validate198.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema68.items, data: data0 }];
                return false;
              } else {
                if (data0.length < 2 && func1(data0) < 1) {
                  validate198.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema68.items, data: data0 }];
                  return false;
                }
              }
            } else {
              validate198.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema68.items.type, parentSchema: schema68.items, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
          if (!valid0) {
            break;
          }
        }
      }
    } else {
      validate198.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema68.type, parentSchema: schema68, data }];
      return false;
    }
  }
  validate198.errors = vErrors;
  return errors === 0;
}
validate198.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var schema69 = { "description": "A time in UTC, to the second: `2025-01-31T12:00:00Z`.", "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$" };
var pattern33 = lazyPattern("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", "u");
function validate207(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate207.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern33.test(data)) {
        validate207.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$" }, message: 'must match pattern "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"', schema: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", parentSchema: schema69, data }];
        return false;
      }
    } else {
      validate207.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema69.type, parentSchema: schema69, data }];
      return false;
    }
  }
  validate207.errors = vErrors;
  return errors === 0;
}
validate207.evaluated = { "dynamicProps": false, "dynamicItems": false };
var pattern27 = lazyPattern("^[A-Za-z0-9_]+-[A-Za-z0-9]+$", "u");
var pattern29 = lazyPattern("^[^\\s@]+@sha256:[0-9a-f]{64}$", "u");
function validate182(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate182.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.pkg === void 0 && (missing0 = "pkg") || data.pkg_name === void 0 && (missing0 = "pkg_name") || data.pkg_id === void 0 && (missing0 = "pkg_id") || data.pkg_type === void 0 && (missing0 = "pkg_type") || data.version === void 0 && (missing0 = "version") || data.host === void 0 && (missing0 = "host") || data.ghcr_pkg === void 0 && (missing0 = "ghcr_pkg") || data.ghcr_blob === void 0 && (missing0 = "ghcr_blob") || data.shasum === void 0 && (missing0 = "shasum") || data.bsum === void 0 && (missing0 = "bsum") || data.size_raw === void 0 && (missing0 = "size_raw") || data.provides === void 0 && (missing0 = "provides")) {
        validate182.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema61.required, parentSchema: schema61, data }];
        return false;
      } else {
        if (data._disabled !== void 0) {
          let data0 = data._disabled;
          const _errs1 = errors;
          if (typeof data0 !== "boolean") {
            validate182.errors = [{ instancePath: instancePath + "/_disabled", schemaPath: "#/properties/_disabled/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema61.properties._disabled.type, parentSchema: schema61.properties._disabled, data: data0 }];
            return false;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.pkg !== void 0) {
            const _errs3 = errors;
            if (!validate183(data.pkg, { instancePath: instancePath + "/pkg", parentData: data, parentDataProperty: "pkg", rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate183.errors : vErrors.concat(validate183.errors);
              errors = vErrors.length;
            }
            var valid0 = _errs3 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.pkg_name !== void 0) {
              const _errs4 = errors;
              if (!validate183(data.pkg_name, { instancePath: instancePath + "/pkg_name", parentData: data, parentDataProperty: "pkg_name", rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate183.errors : vErrors.concat(validate183.errors);
                errors = vErrors.length;
              }
              var valid0 = _errs4 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.pkg_family !== void 0) {
                const _errs5 = errors;
                if (!validate183(data.pkg_family, { instancePath: instancePath + "/pkg_family", parentData: data, parentDataProperty: "pkg_family", rootData, dynamicAnchors })) {
                  vErrors = vErrors === null ? validate183.errors : vErrors.concat(validate183.errors);
                  errors = vErrors.length;
                }
                var valid0 = _errs5 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.pkg_id !== void 0) {
                  let data4 = data.pkg_id;
                  const _errs6 = errors;
                  if (errors === _errs6) {
                    if (typeof data4 === "string") {
                      if (data4.length > 256 && func1(data4) > 256) {
                        validate182.errors = [{ instancePath: instancePath + "/pkg_id", schemaPath: "#/properties/pkg_id/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema61.properties.pkg_id, data: data4 }];
                        return false;
                      } else {
                        if (data4.length < 2 && func1(data4) < 1) {
                          validate182.errors = [{ instancePath: instancePath + "/pkg_id", schemaPath: "#/properties/pkg_id/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema61.properties.pkg_id, data: data4 }];
                          return false;
                        } else {
                          if (!pattern5.test(data4)) {
                            validate182.errors = [{ instancePath: instancePath + "/pkg_id", schemaPath: "#/properties/pkg_id/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema61.properties.pkg_id, data: data4 }];
                            return false;
                          }
                        }
                      }
                    } else {
                      validate182.errors = [{ instancePath: instancePath + "/pkg_id", schemaPath: "#/properties/pkg_id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.pkg_id.type, parentSchema: schema61.properties.pkg_id, data: data4 }];
                      return false;
                    }
                  }
                  var valid0 = _errs6 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.pkg_type !== void 0) {
                    let data5 = data.pkg_type;
                    const _errs8 = errors;
                    if (!(data5 === "static" || data5 === "dynamic" || data5 === "script" || data5 === "archive")) {
                      validate182.errors = [{ instancePath: instancePath + "/pkg_type", schemaPath: "#/properties/pkg_type/enum", keyword: "enum", params: { allowedValues: schema61.properties.pkg_type.enum }, message: "must be equal to one of the allowed values", schema: schema61.properties.pkg_type.enum, parentSchema: schema61.properties.pkg_type, data: data5 }];
                      return false;
                    }
                    var valid0 = _errs8 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.version !== void 0) {
                      const _errs9 = errors;
                      if (!validate187(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors })) {
                        vErrors = vErrors === null ? validate187.errors : vErrors.concat(validate187.errors);
                        errors = vErrors.length;
                      }
                      var valid0 = _errs9 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.host !== void 0) {
                        let data7 = data.host;
                        const _errs10 = errors;
                        if (errors === _errs10) {
                          if (typeof data7 === "string") {
                            if (data7.length > 64 && func1(data7) > 64) {
                              validate182.errors = [{ instancePath: instancePath + "/host", schemaPath: "#/properties/host/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema61.properties.host, data: data7 }];
                              return false;
                            } else {
                              if (!pattern27.test(data7)) {
                                validate182.errors = [{ instancePath: instancePath + "/host", schemaPath: "#/properties/host/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_]+-[A-Za-z0-9]+$" }, message: 'must match pattern "^[A-Za-z0-9_]+-[A-Za-z0-9]+$"', schema: "^[A-Za-z0-9_]+-[A-Za-z0-9]+$", parentSchema: schema61.properties.host, data: data7 }];
                                return false;
                              }
                            }
                          } else {
                            validate182.errors = [{ instancePath: instancePath + "/host", schemaPath: "#/properties/host/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.host.type, parentSchema: schema61.properties.host, data: data7 }];
                            return false;
                          }
                        }
                        var valid0 = _errs10 === errors;
                      } else {
                        var valid0 = true;
                      }
                      if (valid0) {
                        if (data.libc !== void 0) {
                          let data8 = data.libc;
                          const _errs12 = errors;
                          if (!(data8 === "glibc" || data8 === "musl" || data8 === "static")) {
                            validate182.errors = [{ instancePath: instancePath + "/libc", schemaPath: "#/properties/libc/enum", keyword: "enum", params: { allowedValues: schema61.properties.libc.enum }, message: "must be equal to one of the allowed values", schema: schema61.properties.libc.enum, parentSchema: schema61.properties.libc, data: data8 }];
                            return false;
                          }
                          var valid0 = _errs12 === errors;
                        } else {
                          var valid0 = true;
                        }
                        if (valid0) {
                          if (data.description !== void 0) {
                            const _errs13 = errors;
                            if (!validate189(data.description, { instancePath: instancePath + "/description", parentData: data, parentDataProperty: "description", rootData, dynamicAnchors })) {
                              vErrors = vErrors === null ? validate189.errors : vErrors.concat(validate189.errors);
                              errors = vErrors.length;
                            }
                            var valid0 = _errs13 === errors;
                          } else {
                            var valid0 = true;
                          }
                          if (valid0) {
                            if (data.ghcr_pkg !== void 0) {
                              const _errs14 = errors;
                              if (!validate191(data.ghcr_pkg, { instancePath: instancePath + "/ghcr_pkg", parentData: data, parentDataProperty: "ghcr_pkg", rootData, dynamicAnchors })) {
                                vErrors = vErrors === null ? validate191.errors : vErrors.concat(validate191.errors);
                                errors = vErrors.length;
                              }
                              var valid0 = _errs14 === errors;
                            } else {
                              var valid0 = true;
                            }
                            if (valid0) {
                              if (data.ghcr_blob !== void 0) {
                                let data11 = data.ghcr_blob;
                                const _errs15 = errors;
                                if (errors === _errs15) {
                                  if (typeof data11 === "string") {
                                    if (data11.length > 1024 && func1(data11) > 1024) {
                                      validate182.errors = [{ instancePath: instancePath + "/ghcr_blob", schemaPath: "#/properties/ghcr_blob/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema61.properties.ghcr_blob, data: data11 }];
                                      return false;
                                    } else {
                                      if (!pattern29.test(data11)) {
                                        validate182.errors = [{ instancePath: instancePath + "/ghcr_blob", schemaPath: "#/properties/ghcr_blob/pattern", keyword: "pattern", params: { pattern: "^[^\\s@]+@sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^[^\\s@]+@sha256:[0-9a-f]{64}$"', schema: "^[^\\s@]+@sha256:[0-9a-f]{64}$", parentSchema: schema61.properties.ghcr_blob, data: data11 }];
                                        return false;
                                      }
                                    }
                                  } else {
                                    validate182.errors = [{ instancePath: instancePath + "/ghcr_blob", schemaPath: "#/properties/ghcr_blob/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.ghcr_blob.type, parentSchema: schema61.properties.ghcr_blob, data: data11 }];
                                    return false;
                                  }
                                }
                                var valid0 = _errs15 === errors;
                              } else {
                                var valid0 = true;
                              }
                              if (valid0) {
                                if (data.ghcr_files !== void 0) {
                                  let data12 = data.ghcr_files;
                                  const _errs17 = errors;
                                  if (errors === _errs17) {
                                    if (Array.isArray(data12)) {
                                      if (data12.length > 4096) {
                                        validate182.errors = [{ instancePath: instancePath + "/ghcr_files", schemaPath: "#/properties/ghcr_files/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema61.properties.ghcr_files, data: data12 }];
                                        return false;
                                      } else {
                                        var valid1 = true;
                                        const len0 = data12.length;
                                        for (let i0 = 0; i0 < len0; i0++) {
                                          let data13 = data12[i0];
                                          const _errs19 = errors;
                                          if (errors === _errs19) {
                                            if (typeof data13 === "string") {
                                              if (data13.length > 512 && func1(data13) > 512) {
                                                validate182.errors = [{ instancePath: instancePath + "/ghcr_files/" + i0, schemaPath: "#/properties/ghcr_files/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema61.properties.ghcr_files.items, data: data13 }];
                                                return false;
                                              } else {
                                                if (data13.length < 2 && func1(data13) < 1) {
                                                  validate182.errors = [{ instancePath: instancePath + "/ghcr_files/" + i0, schemaPath: "#/properties/ghcr_files/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema61.properties.ghcr_files.items, data: data13 }];
                                                  return false;
                                                }
                                              }
                                            } else {
                                              validate182.errors = [{ instancePath: instancePath + "/ghcr_files/" + i0, schemaPath: "#/properties/ghcr_files/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.ghcr_files.items.type, parentSchema: schema61.properties.ghcr_files.items, data: data13 }];
                                              return false;
                                            }
                                          }
                                          var valid1 = _errs19 === errors;
                                          if (!valid1) {
                                            break;
                                          }
                                        }
                                      }
                                    } else {
                                      validate182.errors = [{ instancePath: instancePath + "/ghcr_files", schemaPath: "#/properties/ghcr_files/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema61.properties.ghcr_files.type, parentSchema: schema61.properties.ghcr_files, data: data12 }];
                                      return false;
                                    }
                                  }
                                  var valid0 = _errs17 === errors;
                                } else {
                                  var valid0 = true;
                                }
                                if (valid0) {
                                  if (data.ghcr_size_raw !== void 0) {
                                    const _errs21 = errors;
                                    if (!validate193(data.ghcr_size_raw, { instancePath: instancePath + "/ghcr_size_raw", parentData: data, parentDataProperty: "ghcr_size_raw", rootData, dynamicAnchors })) {
                                      vErrors = vErrors === null ? validate193.errors : vErrors.concat(validate193.errors);
                                      errors = vErrors.length;
                                    }
                                    var valid0 = _errs21 === errors;
                                  } else {
                                    var valid0 = true;
                                  }
                                  if (valid0) {
                                    if (data.manifest_digest !== void 0) {
                                      const _errs22 = errors;
                                      if (!validate195(data.manifest_digest, { instancePath: instancePath + "/manifest_digest", parentData: data, parentDataProperty: "manifest_digest", rootData, dynamicAnchors })) {
                                        vErrors = vErrors === null ? validate195.errors : vErrors.concat(validate195.errors);
                                        errors = vErrors.length;
                                      }
                                      var valid0 = _errs22 === errors;
                                    } else {
                                      var valid0 = true;
                                    }
                                    if (valid0) {
                                      if (data.size_raw !== void 0) {
                                        const _errs23 = errors;
                                        if (!validate193(data.size_raw, { instancePath: instancePath + "/size_raw", parentData: data, parentDataProperty: "size_raw", rootData, dynamicAnchors })) {
                                          vErrors = vErrors === null ? validate193.errors : vErrors.concat(validate193.errors);
                                          errors = vErrors.length;
                                        }
                                        var valid0 = _errs23 === errors;
                                      } else {
                                        var valid0 = true;
                                      }
                                      if (valid0) {
                                        if (data.shasum !== void 0) {
                                          let data17 = data.shasum;
                                          const _errs24 = errors;
                                          if (errors === _errs24) {
                                            if (typeof data17 === "string") {
                                              if (!pattern9.test(data17)) {
                                                validate182.errors = [{ instancePath: instancePath + "/shasum", schemaPath: "#/properties/shasum/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" }, message: 'must match pattern "^[0-9a-f]{64}$"', schema: "^[0-9a-f]{64}$", parentSchema: schema61.properties.shasum, data: data17 }];
                                                return false;
                                              }
                                            } else {
                                              validate182.errors = [{ instancePath: instancePath + "/shasum", schemaPath: "#/properties/shasum/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.shasum.type, parentSchema: schema61.properties.shasum, data: data17 }];
                                              return false;
                                            }
                                          }
                                          var valid0 = _errs24 === errors;
                                        } else {
                                          var valid0 = true;
                                        }
                                        if (valid0) {
                                          if (data.bsum !== void 0) {
                                            let data18 = data.bsum;
                                            const _errs26 = errors;
                                            if (errors === _errs26) {
                                              if (typeof data18 === "string") {
                                                if (!pattern9.test(data18)) {
                                                  validate182.errors = [{ instancePath: instancePath + "/bsum", schemaPath: "#/properties/bsum/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" }, message: 'must match pattern "^[0-9a-f]{64}$"', schema: "^[0-9a-f]{64}$", parentSchema: schema61.properties.bsum, data: data18 }];
                                                  return false;
                                                }
                                              } else {
                                                validate182.errors = [{ instancePath: instancePath + "/bsum", schemaPath: "#/properties/bsum/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.bsum.type, parentSchema: schema61.properties.bsum, data: data18 }];
                                                return false;
                                              }
                                            }
                                            var valid0 = _errs26 === errors;
                                          } else {
                                            var valid0 = true;
                                          }
                                          if (valid0) {
                                            if (data.provides !== void 0) {
                                              let data19 = data.provides;
                                              const _errs28 = errors;
                                              if (errors === _errs28) {
                                                if (Array.isArray(data19)) {
                                                  if (data19.length > 4096) {
                                                    validate182.errors = [{ instancePath: instancePath + "/provides", schemaPath: "#/properties/provides/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema61.properties.provides, data: data19 }];
                                                    return false;
                                                  } else {
                                                    var valid2 = true;
                                                    const len1 = data19.length;
                                                    for (let i1 = 0; i1 < len1; i1++) {
                                                      let data20 = data19[i1];
                                                      const _errs30 = errors;
                                                      if (errors === _errs30) {
                                                        if (typeof data20 === "string") {
                                                          if (data20.length > 512 && func1(data20) > 512) {
                                                            validate182.errors = [{ instancePath: instancePath + "/provides/" + i1, schemaPath: "#/properties/provides/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema61.properties.provides.items, data: data20 }];
                                                            return false;
                                                          } else {
                                                            if (data20.length < 2 && func1(data20) < 1) {
                                                              validate182.errors = [{ instancePath: instancePath + "/provides/" + i1, schemaPath: "#/properties/provides/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema61.properties.provides.items, data: data20 }];
                                                              return false;
                                                            }
                                                          }
                                                        } else {
                                                          validate182.errors = [{ instancePath: instancePath + "/provides/" + i1, schemaPath: "#/properties/provides/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema61.properties.provides.items.type, parentSchema: schema61.properties.provides.items, data: data20 }];
                                                          return false;
                                                        }
                                                      }
                                                      var valid2 = _errs30 === errors;
                                                      if (!valid2) {
                                                        break;
                                                      }
                                                    }
                                                  }
                                                } else {
                                                  validate182.errors = [{ instancePath: instancePath + "/provides", schemaPath: "#/properties/provides/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema61.properties.provides.type, parentSchema: schema61.properties.provides, data: data19 }];
                                                  return false;
                                                }
                                              }
                                              var valid0 = _errs28 === errors;
                                            } else {
                                              var valid0 = true;
                                            }
                                            if (valid0) {
                                              if (data.homepage !== void 0) {
                                                const _errs32 = errors;
                                                if (!validate198(data.homepage, { instancePath: instancePath + "/homepage", parentData: data, parentDataProperty: "homepage", rootData, dynamicAnchors })) {
                                                  vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                  errors = vErrors.length;
                                                }
                                                var valid0 = _errs32 === errors;
                                              } else {
                                                var valid0 = true;
                                              }
                                              if (valid0) {
                                                if (data.src_url !== void 0) {
                                                  const _errs33 = errors;
                                                  if (!validate198(data.src_url, { instancePath: instancePath + "/src_url", parentData: data, parentDataProperty: "src_url", rootData, dynamicAnchors })) {
                                                    vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                    errors = vErrors.length;
                                                  }
                                                  var valid0 = _errs33 === errors;
                                                } else {
                                                  var valid0 = true;
                                                }
                                                if (valid0) {
                                                  if (data.license !== void 0) {
                                                    const _errs34 = errors;
                                                    if (!validate198(data.license, { instancePath: instancePath + "/license", parentData: data, parentDataProperty: "license", rootData, dynamicAnchors })) {
                                                      vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                      errors = vErrors.length;
                                                    }
                                                    var valid0 = _errs34 === errors;
                                                  } else {
                                                    var valid0 = true;
                                                  }
                                                  if (valid0) {
                                                    if (data.maintainer !== void 0) {
                                                      const _errs35 = errors;
                                                      if (!validate198(data.maintainer, { instancePath: instancePath + "/maintainer", parentData: data, parentDataProperty: "maintainer", rootData, dynamicAnchors })) {
                                                        vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                        errors = vErrors.length;
                                                      }
                                                      var valid0 = _errs35 === errors;
                                                    } else {
                                                      var valid0 = true;
                                                    }
                                                    if (valid0) {
                                                      if (data.note !== void 0) {
                                                        const _errs36 = errors;
                                                        if (!validate198(data.note, { instancePath: instancePath + "/note", parentData: data, parentDataProperty: "note", rootData, dynamicAnchors })) {
                                                          vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                          errors = vErrors.length;
                                                        }
                                                        var valid0 = _errs36 === errors;
                                                      } else {
                                                        var valid0 = true;
                                                      }
                                                      if (valid0) {
                                                        if (data.category !== void 0) {
                                                          const _errs37 = errors;
                                                          if (!validate198(data.category, { instancePath: instancePath + "/category", parentData: data, parentDataProperty: "category", rootData, dynamicAnchors })) {
                                                            vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                            errors = vErrors.length;
                                                          }
                                                          var valid0 = _errs37 === errors;
                                                        } else {
                                                          var valid0 = true;
                                                        }
                                                        if (valid0) {
                                                          if (data.tag !== void 0) {
                                                            const _errs38 = errors;
                                                            if (!validate198(data.tag, { instancePath: instancePath + "/tag", parentData: data, parentDataProperty: "tag", rootData, dynamicAnchors })) {
                                                              vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                              errors = vErrors.length;
                                                            }
                                                            var valid0 = _errs38 === errors;
                                                          } else {
                                                            var valid0 = true;
                                                          }
                                                          if (valid0) {
                                                            if (data.replaces !== void 0) {
                                                              const _errs39 = errors;
                                                              if (!validate198(data.replaces, { instancePath: instancePath + "/replaces", parentData: data, parentDataProperty: "replaces", rootData, dynamicAnchors })) {
                                                                vErrors = vErrors === null ? validate198.errors : vErrors.concat(validate198.errors);
                                                                errors = vErrors.length;
                                                              }
                                                              var valid0 = _errs39 === errors;
                                                            } else {
                                                              var valid0 = true;
                                                            }
                                                            if (valid0) {
                                                              if (data.deprecated !== void 0) {
                                                                let data29 = data.deprecated;
                                                                const _errs40 = errors;
                                                                if (typeof data29 !== "boolean") {
                                                                  validate182.errors = [{ instancePath: instancePath + "/deprecated", schemaPath: "#/properties/deprecated/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema61.properties.deprecated.type, parentSchema: schema61.properties.deprecated, data: data29 }];
                                                                  return false;
                                                                }
                                                                var valid0 = _errs40 === errors;
                                                              } else {
                                                                var valid0 = true;
                                                              }
                                                              if (valid0) {
                                                                if (data.installable !== void 0) {
                                                                  let data30 = data.installable;
                                                                  const _errs42 = errors;
                                                                  if (typeof data30 !== "boolean") {
                                                                    validate182.errors = [{ instancePath: instancePath + "/installable", schemaPath: "#/properties/installable/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema61.properties.installable.type, parentSchema: schema61.properties.installable, data: data30 }];
                                                                    return false;
                                                                  }
                                                                  var valid0 = _errs42 === errors;
                                                                } else {
                                                                  var valid0 = true;
                                                                }
                                                                if (valid0) {
                                                                  if (data.build_date !== void 0) {
                                                                    const _errs44 = errors;
                                                                    if (!validate207(data.build_date, { instancePath: instancePath + "/build_date", parentData: data, parentDataProperty: "build_date", rootData, dynamicAnchors })) {
                                                                      vErrors = vErrors === null ? validate207.errors : vErrors.concat(validate207.errors);
                                                                      errors = vErrors.length;
                                                                    }
                                                                    var valid0 = _errs44 === errors;
                                                                  } else {
                                                                    var valid0 = true;
                                                                  }
                                                                  if (valid0) {
                                                                    if (data.rank !== void 0) {
                                                                      const _errs45 = errors;
                                                                      if (!validate193(data.rank, { instancePath: instancePath + "/rank", parentData: data, parentDataProperty: "rank", rootData, dynamicAnchors })) {
                                                                        vErrors = vErrors === null ? validate193.errors : vErrors.concat(validate193.errors);
                                                                        errors = vErrors.length;
                                                                      }
                                                                      var valid0 = _errs45 === errors;
                                                                    } else {
                                                                      var valid0 = true;
                                                                    }
                                                                    if (valid0) {
                                                                      if (data.download_count !== void 0) {
                                                                        const _errs46 = errors;
                                                                        if (!validate193(data.download_count, { instancePath: instancePath + "/download_count", parentData: data, parentDataProperty: "download_count", rootData, dynamicAnchors })) {
                                                                          vErrors = vErrors === null ? validate193.errors : vErrors.concat(validate193.errors);
                                                                          errors = vErrors.length;
                                                                        }
                                                                        var valid0 = _errs46 === errors;
                                                                      } else {
                                                                        var valid0 = true;
                                                                      }
                                                                    }
                                                                  }
                                                                }
                                                              }
                                                            }
                                                          }
                                                        }
                                                      }
                                                    }
                                                  }
                                                }
                                              }
                                            }
                                          }
                                        }
                                      }
                                    }
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate182.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema61.type, parentSchema: schema61, data }];
      return false;
    }
  }
  validate182.errors = vErrors;
  return errors === 0;
}
validate182.evaluated = { "props": { "_disabled": true, "pkg": true, "pkg_name": true, "pkg_family": true, "pkg_id": true, "pkg_type": true, "version": true, "host": true, "libc": true, "description": true, "ghcr_pkg": true, "ghcr_blob": true, "ghcr_files": true, "ghcr_size_raw": true, "manifest_digest": true, "size_raw": true, "shasum": true, "bsum": true, "provides": true, "homepage": true, "src_url": true, "license": true, "maintainer": true, "note": true, "category": true, "tag": true, "replaces": true, "deprecated": true, "installable": true, "build_date": true, "rank": true, "download_count": true }, "dynamicProps": false, "dynamicItems": false };
var validateIndexHeader = validate211;
var schema70 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "V1Header", "description": "The header of a package index of the first version. `packages` comes last; each of its entries is checked separately, against `package.schema.json`. The document is signed: the file at its address with `.sig` added holds minisign signatures of the bytes as they are served, one after the other, at least as many as the key set requires.", "type": "object", "required": ["format", "repository", "serial", "issued", "expires", "key_sets"], "properties": { "format": { "const": 1, "description": "The format's version." }, "repository": { "type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$", "description": "What the index calls itself, e.g. `ghcr.io/me/index`. It is pinned: an index of another name is never accepted in its place." }, "serial": { "type": "integer", "minimum": 1, "maximum": 9007199254740991, "description": "Goes up with every index that is issued. An index with a lower serial than one seen before is refused." }, "issued": { "$ref": "common.schema.json#/$defs/time", "description": "When it was issued." }, "expires": { "$ref": "common.schema.json#/$defs/time", "description": "When it stops being valid, so that nobody can serve an old index for ever." }, "key_sets": { "type": "array", "minItems": 1, "maxItems": 64, "description": "Who may sign the index: every key set so far, the one in force last. A set is signed by as many keys as the one before it requires, and by as many as it requires itself.", "items": { "title": "KeySetTable", "description": "One key set.", "type": "object", "required": ["version", "threshold", "keys", "signatures"], "additionalProperties": false, "properties": { "version": { "type": "integer", "minimum": 1, "maximum": 1e6, "description": "1 for the first set, then one more for each." }, "threshold": { "type": "integer", "minimum": 1, "maximum": 16, "description": "How many of the keys must have signed the index." }, "keys": { "type": "array", "minItems": 1, "maxItems": 16, "uniqueItems": true, "items": { "$ref": "common.schema.json#/$defs/publicKey", "description": "A minisign public key: the base64 line alone." }, "description": "minisign public keys, the base64 line of each alone." }, "signatures": { "type": "array", "maxItems": 32, "items": { "type": "string", "maxLength": 10240 }, "description": "minisign signatures of the set's text, four lines each. The first set needs only those of its own keys." } } } } } };
var func0 = require_equal().default;
function validate212(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate212.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern33.test(data)) {
        validate212.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$" }, message: 'must match pattern "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"', schema: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", parentSchema: schema69, data }];
        return false;
      }
    } else {
      validate212.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema69.type, parentSchema: schema69, data }];
      return false;
    }
  }
  validate212.errors = vErrors;
  return errors === 0;
}
validate212.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema72 = { "description": "A minisign public key: the base64 line alone.", "type": "string", "minLength": 56, "maxLength": 56, "pattern": "^RW[A-Za-z0-9+/]{54}$" };
var pattern36 = lazyPattern("^RW[A-Za-z0-9+/]{54}$", "u");
function validate215(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate215.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 56 && func1(data) > 56) {
        validate215.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 56 }, message: "must NOT have more than 56 characters", schema: 56, parentSchema: schema72, data }];
        return false;
      } else {
        if (data.length < 112 && func1(data) < 56) {
          validate215.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 56 }, message: "must NOT have fewer than 56 characters", schema: 56, parentSchema: schema72, data }];
          return false;
        } else {
          if (!pattern36.test(data)) {
            validate215.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^RW[A-Za-z0-9+/]{54}$" }, message: 'must match pattern "^RW[A-Za-z0-9+/]{54}$"', schema: "^RW[A-Za-z0-9+/]{54}$", parentSchema: schema72, data }];
            return false;
          }
        }
      }
    } else {
      validate215.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema72.type, parentSchema: schema72, data }];
      return false;
    }
  }
  validate215.errors = vErrors;
  return errors === 0;
}
validate215.evaluated = { "dynamicProps": false, "dynamicItems": false };
function validate211(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate211.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.format === void 0 && (missing0 = "format") || data.repository === void 0 && (missing0 = "repository") || data.serial === void 0 && (missing0 = "serial") || data.issued === void 0 && (missing0 = "issued") || data.expires === void 0 && (missing0 = "expires") || data.key_sets === void 0 && (missing0 = "key_sets")) {
        validate211.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema70.required, parentSchema: schema70, data }];
        return false;
      } else {
        if (data.format !== void 0) {
          let data0 = data.format;
          const _errs1 = errors;
          if (1 !== data0) {
            validate211.errors = [{ instancePath: instancePath + "/format", schemaPath: "#/properties/format/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant", schema: 1, parentSchema: schema70.properties.format, data: data0 }];
            return false;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.repository !== void 0) {
            let data1 = data.repository;
            const _errs2 = errors;
            if (errors === _errs2) {
              if (typeof data1 === "string") {
                if (data1.length > 256 && func1(data1) > 256) {
                  validate211.errors = [{ instancePath: instancePath + "/repository", schemaPath: "#/properties/repository/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema70.properties.repository, data: data1 }];
                  return false;
                } else {
                  if (data1.length < 2 && func1(data1) < 1) {
                    validate211.errors = [{ instancePath: instancePath + "/repository", schemaPath: "#/properties/repository/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema70.properties.repository, data: data1 }];
                    return false;
                  } else {
                    if (!pattern5.test(data1)) {
                      validate211.errors = [{ instancePath: instancePath + "/repository", schemaPath: "#/properties/repository/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema70.properties.repository, data: data1 }];
                      return false;
                    }
                  }
                }
              } else {
                validate211.errors = [{ instancePath: instancePath + "/repository", schemaPath: "#/properties/repository/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema70.properties.repository.type, parentSchema: schema70.properties.repository, data: data1 }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.serial !== void 0) {
              let data2 = data.serial;
              const _errs4 = errors;
              if (!(typeof data2 == "number" && (!(data2 % 1) && !isNaN(data2)) && isFinite(data2))) {
                validate211.errors = [{ instancePath: instancePath + "/serial", schemaPath: "#/properties/serial/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema70.properties.serial.type, parentSchema: schema70.properties.serial, data: data2 }];
                return false;
              }
              if (errors === _errs4) {
                if (typeof data2 == "number" && isFinite(data2)) {
                  if (data2 > 9007199254740991 || isNaN(data2)) {
                    validate211.errors = [{ instancePath: instancePath + "/serial", schemaPath: "#/properties/serial/maximum", keyword: "maximum", params: { comparison: "<=", limit: 9007199254740991 }, message: "must be <= 9007199254740991", schema: 9007199254740991, parentSchema: schema70.properties.serial, data: data2 }];
                    return false;
                  } else {
                    if (data2 < 1 || isNaN(data2)) {
                      validate211.errors = [{ instancePath: instancePath + "/serial", schemaPath: "#/properties/serial/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema70.properties.serial, data: data2 }];
                      return false;
                    }
                  }
                }
              }
              var valid0 = _errs4 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.issued !== void 0) {
                const _errs6 = errors;
                if (!validate212(data.issued, { instancePath: instancePath + "/issued", parentData: data, parentDataProperty: "issued", rootData, dynamicAnchors })) {
                  vErrors = vErrors === null ? validate212.errors : vErrors.concat(validate212.errors);
                  errors = vErrors.length;
                }
                var valid0 = _errs6 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.expires !== void 0) {
                  const _errs7 = errors;
                  if (!validate212(data.expires, { instancePath: instancePath + "/expires", parentData: data, parentDataProperty: "expires", rootData, dynamicAnchors })) {
                    vErrors = vErrors === null ? validate212.errors : vErrors.concat(validate212.errors);
                    errors = vErrors.length;
                  }
                  var valid0 = _errs7 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.key_sets !== void 0) {
                    let data5 = data.key_sets;
                    const _errs8 = errors;
                    if (errors === _errs8) {
                      if (Array.isArray(data5)) {
                        if (data5.length > 64) {
                          validate211.errors = [{ instancePath: instancePath + "/key_sets", schemaPath: "#/properties/key_sets/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema70.properties.key_sets, data: data5 }];
                          return false;
                        } else {
                          if (data5.length < 1) {
                            validate211.errors = [{ instancePath: instancePath + "/key_sets", schemaPath: "#/properties/key_sets/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema70.properties.key_sets, data: data5 }];
                            return false;
                          } else {
                            var valid1 = true;
                            const len0 = data5.length;
                            for (let i0 = 0; i0 < len0; i0++) {
                              let data6 = data5[i0];
                              const _errs10 = errors;
                              if (errors === _errs10) {
                                if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
                                  let missing1;
                                  if (data6.version === void 0 && (missing1 = "version") || data6.threshold === void 0 && (missing1 = "threshold") || data6.keys === void 0 && (missing1 = "keys") || data6.signatures === void 0 && (missing1 = "signatures")) {
                                    validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0, schemaPath: "#/properties/key_sets/items/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'", schema: schema70.properties.key_sets.items.required, parentSchema: schema70.properties.key_sets.items, data: data6 }];
                                    return false;
                                  } else {
                                    const _errs12 = errors;
                                    for (const key0 in data6) {
                                      if (!(key0 === "version" || key0 === "threshold" || key0 === "keys" || key0 === "signatures")) {
                                        validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0, schemaPath: "#/properties/key_sets/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema70.properties.key_sets.items, data: data6 }];
                                        return false;
                                        break;
                                      }
                                    }
                                    if (_errs12 === errors) {
                                      if (data6.version !== void 0) {
                                        let data7 = data6.version;
                                        const _errs13 = errors;
                                        if (!(typeof data7 == "number" && (!(data7 % 1) && !isNaN(data7)) && isFinite(data7))) {
                                          validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/version", schemaPath: "#/properties/key_sets/items/properties/version/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema70.properties.key_sets.items.properties.version.type, parentSchema: schema70.properties.key_sets.items.properties.version, data: data7 }];
                                          return false;
                                        }
                                        if (errors === _errs13) {
                                          if (typeof data7 == "number" && isFinite(data7)) {
                                            if (data7 > 1e6 || isNaN(data7)) {
                                              validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/version", schemaPath: "#/properties/key_sets/items/properties/version/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 }, message: "must be <= 1000000", schema: 1e6, parentSchema: schema70.properties.key_sets.items.properties.version, data: data7 }];
                                              return false;
                                            } else {
                                              if (data7 < 1 || isNaN(data7)) {
                                                validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/version", schemaPath: "#/properties/key_sets/items/properties/version/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema70.properties.key_sets.items.properties.version, data: data7 }];
                                                return false;
                                              }
                                            }
                                          }
                                        }
                                        var valid2 = _errs13 === errors;
                                      } else {
                                        var valid2 = true;
                                      }
                                      if (valid2) {
                                        if (data6.threshold !== void 0) {
                                          let data8 = data6.threshold;
                                          const _errs15 = errors;
                                          if (!(typeof data8 == "number" && (!(data8 % 1) && !isNaN(data8)) && isFinite(data8))) {
                                            validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/threshold", schemaPath: "#/properties/key_sets/items/properties/threshold/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema70.properties.key_sets.items.properties.threshold.type, parentSchema: schema70.properties.key_sets.items.properties.threshold, data: data8 }];
                                            return false;
                                          }
                                          if (errors === _errs15) {
                                            if (typeof data8 == "number" && isFinite(data8)) {
                                              if (data8 > 16 || isNaN(data8)) {
                                                validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/threshold", schemaPath: "#/properties/key_sets/items/properties/threshold/maximum", keyword: "maximum", params: { comparison: "<=", limit: 16 }, message: "must be <= 16", schema: 16, parentSchema: schema70.properties.key_sets.items.properties.threshold, data: data8 }];
                                                return false;
                                              } else {
                                                if (data8 < 1 || isNaN(data8)) {
                                                  validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/threshold", schemaPath: "#/properties/key_sets/items/properties/threshold/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema70.properties.key_sets.items.properties.threshold, data: data8 }];
                                                  return false;
                                                }
                                              }
                                            }
                                          }
                                          var valid2 = _errs15 === errors;
                                        } else {
                                          var valid2 = true;
                                        }
                                        if (valid2) {
                                          if (data6.keys !== void 0) {
                                            let data9 = data6.keys;
                                            const _errs17 = errors;
                                            if (errors === _errs17) {
                                              if (Array.isArray(data9)) {
                                                if (data9.length > 16) {
                                                  validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/keys", schemaPath: "#/properties/key_sets/items/properties/keys/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema70.properties.key_sets.items.properties.keys, data: data9 }];
                                                  return false;
                                                } else {
                                                  if (data9.length < 1) {
                                                    validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/keys", schemaPath: "#/properties/key_sets/items/properties/keys/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema70.properties.key_sets.items.properties.keys, data: data9 }];
                                                    return false;
                                                  } else {
                                                    var valid3 = true;
                                                    const len1 = data9.length;
                                                    for (let i1 = 0; i1 < len1; i1++) {
                                                      const _errs19 = errors;
                                                      if (!validate215(data9[i1], { instancePath: instancePath + "/key_sets/" + i0 + "/keys/" + i1, parentData: data9, parentDataProperty: i1, rootData, dynamicAnchors })) {
                                                        vErrors = vErrors === null ? validate215.errors : vErrors.concat(validate215.errors);
                                                        errors = vErrors.length;
                                                      }
                                                      var valid3 = _errs19 === errors;
                                                      if (!valid3) {
                                                        break;
                                                      }
                                                    }
                                                    if (valid3) {
                                                      let i2 = data9.length;
                                                      let j0;
                                                      if (i2 > 1) {
                                                        outer0:
                                                          for (; i2--; ) {
                                                            for (j0 = i2; j0--; ) {
                                                              if (func0(data9[i2], data9[j0])) {
                                                                validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/keys", schemaPath: "#/properties/key_sets/items/properties/keys/uniqueItems", keyword: "uniqueItems", params: { i: i2, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i2 + " are identical)", schema: true, parentSchema: schema70.properties.key_sets.items.properties.keys, data: data9 }];
                                                                return false;
                                                                break outer0;
                                                              }
                                                            }
                                                          }
                                                      }
                                                    }
                                                  }
                                                }
                                              } else {
                                                validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/keys", schemaPath: "#/properties/key_sets/items/properties/keys/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema70.properties.key_sets.items.properties.keys.type, parentSchema: schema70.properties.key_sets.items.properties.keys, data: data9 }];
                                                return false;
                                              }
                                            }
                                            var valid2 = _errs17 === errors;
                                          } else {
                                            var valid2 = true;
                                          }
                                          if (valid2) {
                                            if (data6.signatures !== void 0) {
                                              let data11 = data6.signatures;
                                              const _errs20 = errors;
                                              if (errors === _errs20) {
                                                if (Array.isArray(data11)) {
                                                  if (data11.length > 32) {
                                                    validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/signatures", schemaPath: "#/properties/key_sets/items/properties/signatures/maxItems", keyword: "maxItems", params: { limit: 32 }, message: "must NOT have more than 32 items", schema: 32, parentSchema: schema70.properties.key_sets.items.properties.signatures, data: data11 }];
                                                    return false;
                                                  } else {
                                                    var valid5 = true;
                                                    const len2 = data11.length;
                                                    for (let i3 = 0; i3 < len2; i3++) {
                                                      let data12 = data11[i3];
                                                      const _errs22 = errors;
                                                      if (errors === _errs22) {
                                                        if (typeof data12 === "string") {
                                                          if (data12.length > 10240 && func1(data12) > 10240) {
                                                            validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/signatures/" + i3, schemaPath: "#/properties/key_sets/items/properties/signatures/items/maxLength", keyword: "maxLength", params: { limit: 10240 }, message: "must NOT have more than 10240 characters", schema: 10240, parentSchema: schema70.properties.key_sets.items.properties.signatures.items, data: data12 }];
                                                            return false;
                                                          }
                                                        } else {
                                                          validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/signatures/" + i3, schemaPath: "#/properties/key_sets/items/properties/signatures/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema70.properties.key_sets.items.properties.signatures.items.type, parentSchema: schema70.properties.key_sets.items.properties.signatures.items, data: data12 }];
                                                          return false;
                                                        }
                                                      }
                                                      var valid5 = _errs22 === errors;
                                                      if (!valid5) {
                                                        break;
                                                      }
                                                    }
                                                  }
                                                } else {
                                                  validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0 + "/signatures", schemaPath: "#/properties/key_sets/items/properties/signatures/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema70.properties.key_sets.items.properties.signatures.type, parentSchema: schema70.properties.key_sets.items.properties.signatures, data: data11 }];
                                                  return false;
                                                }
                                              }
                                              var valid2 = _errs20 === errors;
                                            } else {
                                              var valid2 = true;
                                            }
                                          }
                                        }
                                      }
                                    }
                                  }
                                } else {
                                  validate211.errors = [{ instancePath: instancePath + "/key_sets/" + i0, schemaPath: "#/properties/key_sets/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema70.properties.key_sets.items.type, parentSchema: schema70.properties.key_sets.items, data: data6 }];
                                  return false;
                                }
                              }
                              var valid1 = _errs10 === errors;
                              if (!valid1) {
                                break;
                              }
                            }
                          }
                        }
                      } else {
                        validate211.errors = [{ instancePath: instancePath + "/key_sets", schemaPath: "#/properties/key_sets/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema70.properties.key_sets.type, parentSchema: schema70.properties.key_sets, data: data5 }];
                        return false;
                      }
                    }
                    var valid0 = _errs8 === errors;
                  } else {
                    var valid0 = true;
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate211.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema70.type, parentSchema: schema70, data }];
      return false;
    }
  }
  validate211.errors = vErrors;
  return errors === 0;
}
validate211.evaluated = { "props": { "format": true, "repository": true, "serial": true, "issued": true, "expires": true, "key_sets": true }, "dynamicProps": false, "dynamicItems": false };
export {
  validateG1,
  validateG2,
  validateG3,
  validateIndexHeader,
  validatePackage
};

function lazyPattern(source, flags) {
  let made;
  return { test: (text) => (made ??= new RegExp(source, flags)).test(text) };
}
