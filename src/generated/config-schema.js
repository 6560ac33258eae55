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
var validateConfig = validate52;
var schema19 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ConfigFile", "description": "The file `config.toml`. Every key is optional; an unknown key is an error.", "type": "object", "additionalProperties": false, "properties": { "concurrency": { "description": "Files fetched at a time.", "type": "integer", "minimum": 1, "maximum": 64 }, "sync_interval": { "description": 'Age after which an index counts as stale: a number and `s`, `m`, `h` or `d`, such as "6h"; or "never".', "type": "string", "pattern": "^(?:never|[0-9]{1,6}[smhd])$" }, "keep": { "description": 'How long what was changed can be undone, and what that needs stays: a number and `s`, `m`, `h` or `d`, such as "30d"; or "never" to clean none of it.', "type": "string", "pattern": "^(?:never|[0-9]{1,6}[smhd])$" }, "keep_versions": { "description": "How many former versions of an installed package stay, however old they are.", "type": "integer", "minimum": 0, "maximum": 1e3 }, "bin_dir": { "description": 'Absolute path of the directory that programs are linked into, such as "/opt/bin" or "~/bin".', "type": "string", "minLength": 1, "maxLength": 4096, "pattern": "^(?:~?/[^\\p{Cc}]*|~)$" }, "share": { "title": "ShareTable", "description": "What of packages is linked where the system looks for it, in the user's data directory: `~/.local/share`, or `share` in the directory of `--home`. It counts from the next time that a package is installed, updated or reinstalled.", "type": "object", "additionalProperties": false, "properties": { "man": { "description": "`false`: man pages are not linked.", "type": "boolean" }, "completions": { "description": "`false`: completions for bash, zsh and fish are not linked.", "type": "boolean" }, "desktop": { "description": "`false`: desktop entries and their icons are not linked.", "type": "boolean" } } }, "packages": { "description": "Settings of packages by the names that they are installed under.", "type": "object", "propertyNames": { "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$" }, "additionalProperties": { "title": "PackageTable", "description": "One package.", "type": "object", "additionalProperties": false, "properties": { "portable": { "description": "`true`: an AppImage gets directories of its own for its home and its configuration, beside it. It counts from the next time that it is installed, updated or reinstalled.", "type": "boolean" }, "keep_versions": { "description": "How many former versions of it stay, instead of what `keep_versions` says for all.", "type": "integer", "minimum": 0, "maximum": 1e3 } } } }, "repositories": { "description": "Package indexes by name. Single keys of a built-in one can be overridden.", "type": "object", "propertyNames": { "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "additionalProperties": { "title": "RepositoryTable", "description": "One package index.", "type": "object", "additionalProperties": false, "properties": { "kind": { "description": "What is at `url`: `index`, a document that lists packages (the default); or `homebrew`, Homebrew's formulae, whose packages are bottles.", "enum": ["index", "homebrew"] }, "url": { "description": 'Address of the index: https, http, file, or oci for one in a registry (`oci://ghcr.io/me/index`, the tag `latest` unless it names one), in an OCI layout (`oci:/srv/layout`) or a tar of one (`oci-archive:/srv/layout.tar`); `{arch}` stands for the machine\'s architecture. For `kind = "homebrew"`, the address below which `internal/packages.TAG.jws.json` and `formula.jws.json` are.', "type": "string", "maxLength": 2048, "pattern": "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$" }, "bundle": { "description": "A bundle that `pkg bundle create` made, which its index and packages are read from, as `pkg repo add FILE` sets it: the absolute path of the tar or directory. What it does not have is fetched from the network.", "type": "string", "maxLength": 4096, "pattern": "^/[^\\p{Cc}]*$" }, "keys": { "description": 'minisign public keys, each the base64 line alone. Packages are signed by any of them, an index by as many as `threshold` says. An index that names its own keys is first trusted by these; from then on its keys count. For `kind = "homebrew"`: RSA keys, as SPKI in base64, each with the id that signatures name it by and a colon before it (`homebrew-2:MII…`); without these its id is `homebrew-1`. Without any keys, Homebrew\'s own counts.', "type": "array", "maxItems": 16, "items": { "type": "string", "minLength": 1, "maxLength": 1024 } }, "threshold": { "description": "How many of `keys` have to sign the index, by default 1. If the index itself requires more, that number counts.", "type": "integer", "minimum": 1, "maximum": 16 }, "require": { "description": "Checks that every package of the repository must pass.", "type": "array", "uniqueItems": true, "maxItems": 4, "items": { "enum": ["digest", "checksum", "signature", "provenance"] } }, "provenance": { "title": "ProvenanceTable", "description": "Who may build the packages: each must have a Sigstore bundle, attached to it in its registry, that proves it.", "type": "object", "additionalProperties": false, "required": ["identity", "issuer"], "properties": { "identity": { "description": "The workflow or the mail address that signs, as its certificate names it; one that ends in `/*` or `@*` matches every identity that begins with the text before the `*`.", "type": "string", "minLength": 1, "maxLength": 2048 }, "issuer": { "description": 'The OpenID Connect issuer that vouches for it: "https://token.actions.githubusercontent.com" for GitHub Actions.', "type": "string", "maxLength": 2048, "pattern": "^https://[^\\s\\p{Cc}]+$" }, "trusted_root": { "description": "Absolute path of the `trusted_root.json` of a Sigstore instance other than the public one.", "type": "string", "maxLength": 4096, "pattern": "^/[^\\p{Cc}]*$" } } }, "prefix": { "description": 'Absolute path of the directory that bottles are poured into, such as "~/.pkg"; for `kind = "homebrew"`. By default `brew` in the data directory if that path has at most 26 bytes, else `~/.pkg`. All repositories of this kind share one.', "type": "string", "maxLength": 1024, "pattern": "^~?/[^\\p{Cc}]+$" }, "enabled": { "description": "`false`: the repository is left out.", "type": "boolean" }, "allow_legacy_signatures": { "description": "Accept signatures over the bytes themselves, not their BLAKE2b hash.", "type": "boolean" }, "signed_index": { "description": "The keys must have signed the index itself, at its address with `.sig` added; by default `true` if there are keys. `false`: those of an older form are taken unsigned, and the keys sign only its packages.", "type": "boolean" } } } }, "registries": { "description": "Settings of OCI registries by host and port.", "type": "object", "propertyNames": { "minLength": 1, "maxLength": 255, "pattern": "^[^\\s/]+$" }, "additionalProperties": { "title": "RegistryTable", "description": "One registry.", "type": "object", "additionalProperties": false, "properties": { "mirrors": { "description": 'Addresses asked in order before the registry itself, e.g. "http://127.0.0.1:5000".', "type": "array", "maxItems": 16, "items": { "description": 'An http or https address, such as "http://127.0.0.1:5000".', "type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s\\p{Cc}]+$" } }, "mirror_only": { "description": "Never ask the registry itself: for closed networks.", "type": "boolean" }, "plain_http": { "description": "Speak http, not https, to the registry.", "type": "boolean" } } } } } };
var func1 = Object.prototype.hasOwnProperty;
var func2 = require_ucs2length().default;
var func0 = require_equal().default;
var pattern3 = new RegExp("^(?:never|[0-9]{1,6}[smhd])$", "u");
var pattern5 = new RegExp("^(?:~?/[^\\p{Cc}]*|~)$", "u");
var pattern6 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$", "u");
var pattern7 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", "u");
var pattern8 = new RegExp("^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$", "u");
var pattern9 = new RegExp("^/[^\\p{Cc}]*$", "u");
var pattern10 = new RegExp("^https://[^\\s\\p{Cc}]+$", "u");
var pattern12 = new RegExp("^~?/[^\\p{Cc}]+$", "u");
var pattern13 = new RegExp("^[^\\s/]+$", "u");
var pattern14 = new RegExp("^https?://[^\\s\\p{Cc}]+$", "u");
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
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      const _errs1 = errors;
      for (const key0 in data) {
        if (!func1.call(schema19.properties, key0)) {
          validate52.errors = [{ instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19, data }];
          return false;
          break;
        }
      }
      if (_errs1 === errors) {
        if (data.concurrency !== void 0) {
          let data0 = data.concurrency;
          const _errs2 = errors;
          if (!(typeof data0 == "number" && (!(data0 % 1) && !isNaN(data0)) && isFinite(data0))) {
            validate52.errors = [{ instancePath: instancePath + "/concurrency", schemaPath: "#/properties/concurrency/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema19.properties.concurrency.type, parentSchema: schema19.properties.concurrency, data: data0 }];
            return false;
          }
          if (errors === _errs2) {
            if (typeof data0 == "number" && isFinite(data0)) {
              if (data0 > 64 || isNaN(data0)) {
                validate52.errors = [{ instancePath: instancePath + "/concurrency", schemaPath: "#/properties/concurrency/maximum", keyword: "maximum", params: { comparison: "<=", limit: 64 }, message: "must be <= 64", schema: 64, parentSchema: schema19.properties.concurrency, data: data0 }];
                return false;
              } else {
                if (data0 < 1 || isNaN(data0)) {
                  validate52.errors = [{ instancePath: instancePath + "/concurrency", schemaPath: "#/properties/concurrency/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema19.properties.concurrency, data: data0 }];
                  return false;
                }
              }
            }
          }
          var valid0 = _errs2 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.sync_interval !== void 0) {
            let data1 = data.sync_interval;
            const _errs4 = errors;
            if (errors === _errs4) {
              if (typeof data1 === "string") {
                if (!pattern3.test(data1)) {
                  validate52.errors = [{ instancePath: instancePath + "/sync_interval", schemaPath: "#/properties/sync_interval/pattern", keyword: "pattern", params: { pattern: "^(?:never|[0-9]{1,6}[smhd])$" }, message: 'must match pattern "^(?:never|[0-9]{1,6}[smhd])$"', schema: "^(?:never|[0-9]{1,6}[smhd])$", parentSchema: schema19.properties.sync_interval, data: data1 }];
                  return false;
                }
              } else {
                validate52.errors = [{ instancePath: instancePath + "/sync_interval", schemaPath: "#/properties/sync_interval/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.sync_interval.type, parentSchema: schema19.properties.sync_interval, data: data1 }];
                return false;
              }
            }
            var valid0 = _errs4 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.keep !== void 0) {
              let data2 = data.keep;
              const _errs6 = errors;
              if (errors === _errs6) {
                if (typeof data2 === "string") {
                  if (!pattern3.test(data2)) {
                    validate52.errors = [{ instancePath: instancePath + "/keep", schemaPath: "#/properties/keep/pattern", keyword: "pattern", params: { pattern: "^(?:never|[0-9]{1,6}[smhd])$" }, message: 'must match pattern "^(?:never|[0-9]{1,6}[smhd])$"', schema: "^(?:never|[0-9]{1,6}[smhd])$", parentSchema: schema19.properties.keep, data: data2 }];
                    return false;
                  }
                } else {
                  validate52.errors = [{ instancePath: instancePath + "/keep", schemaPath: "#/properties/keep/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.keep.type, parentSchema: schema19.properties.keep, data: data2 }];
                  return false;
                }
              }
              var valid0 = _errs6 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.keep_versions !== void 0) {
                let data3 = data.keep_versions;
                const _errs8 = errors;
                if (!(typeof data3 == "number" && (!(data3 % 1) && !isNaN(data3)) && isFinite(data3))) {
                  validate52.errors = [{ instancePath: instancePath + "/keep_versions", schemaPath: "#/properties/keep_versions/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema19.properties.keep_versions.type, parentSchema: schema19.properties.keep_versions, data: data3 }];
                  return false;
                }
                if (errors === _errs8) {
                  if (typeof data3 == "number" && isFinite(data3)) {
                    if (data3 > 1e3 || isNaN(data3)) {
                      validate52.errors = [{ instancePath: instancePath + "/keep_versions", schemaPath: "#/properties/keep_versions/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 }, message: "must be <= 1000", schema: 1e3, parentSchema: schema19.properties.keep_versions, data: data3 }];
                      return false;
                    } else {
                      if (data3 < 0 || isNaN(data3)) {
                        validate52.errors = [{ instancePath: instancePath + "/keep_versions", schemaPath: "#/properties/keep_versions/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema19.properties.keep_versions, data: data3 }];
                        return false;
                      }
                    }
                  }
                }
                var valid0 = _errs8 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.bin_dir !== void 0) {
                  let data4 = data.bin_dir;
                  const _errs10 = errors;
                  if (errors === _errs10) {
                    if (typeof data4 === "string") {
                      if (func2(data4) > 4096) {
                        validate52.errors = [{ instancePath: instancePath + "/bin_dir", schemaPath: "#/properties/bin_dir/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.bin_dir, data: data4 }];
                        return false;
                      } else {
                        if (func2(data4) < 1) {
                          validate52.errors = [{ instancePath: instancePath + "/bin_dir", schemaPath: "#/properties/bin_dir/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.bin_dir, data: data4 }];
                          return false;
                        } else {
                          if (!pattern5.test(data4)) {
                            validate52.errors = [{ instancePath: instancePath + "/bin_dir", schemaPath: "#/properties/bin_dir/pattern", keyword: "pattern", params: { pattern: "^(?:~?/[^\\p{Cc}]*|~)$" }, message: 'must match pattern "^(?:~?/[^\\p{Cc}]*|~)$"', schema: "^(?:~?/[^\\p{Cc}]*|~)$", parentSchema: schema19.properties.bin_dir, data: data4 }];
                            return false;
                          }
                        }
                      }
                    } else {
                      validate52.errors = [{ instancePath: instancePath + "/bin_dir", schemaPath: "#/properties/bin_dir/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.bin_dir.type, parentSchema: schema19.properties.bin_dir, data: data4 }];
                      return false;
                    }
                  }
                  var valid0 = _errs10 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.share !== void 0) {
                    let data5 = data.share;
                    const _errs12 = errors;
                    if (errors === _errs12) {
                      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
                        const _errs14 = errors;
                        for (const key1 in data5) {
                          if (!(key1 === "man" || key1 === "completions" || key1 === "desktop")) {
                            validate52.errors = [{ instancePath: instancePath + "/share", schemaPath: "#/properties/share/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.share, data: data5 }];
                            return false;
                            break;
                          }
                        }
                        if (_errs14 === errors) {
                          if (data5.man !== void 0) {
                            let data6 = data5.man;
                            const _errs15 = errors;
                            if (typeof data6 !== "boolean") {
                              validate52.errors = [{ instancePath: instancePath + "/share/man", schemaPath: "#/properties/share/properties/man/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.share.properties.man.type, parentSchema: schema19.properties.share.properties.man, data: data6 }];
                              return false;
                            }
                            var valid1 = _errs15 === errors;
                          } else {
                            var valid1 = true;
                          }
                          if (valid1) {
                            if (data5.completions !== void 0) {
                              let data7 = data5.completions;
                              const _errs17 = errors;
                              if (typeof data7 !== "boolean") {
                                validate52.errors = [{ instancePath: instancePath + "/share/completions", schemaPath: "#/properties/share/properties/completions/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.share.properties.completions.type, parentSchema: schema19.properties.share.properties.completions, data: data7 }];
                                return false;
                              }
                              var valid1 = _errs17 === errors;
                            } else {
                              var valid1 = true;
                            }
                            if (valid1) {
                              if (data5.desktop !== void 0) {
                                let data8 = data5.desktop;
                                const _errs19 = errors;
                                if (typeof data8 !== "boolean") {
                                  validate52.errors = [{ instancePath: instancePath + "/share/desktop", schemaPath: "#/properties/share/properties/desktop/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.share.properties.desktop.type, parentSchema: schema19.properties.share.properties.desktop, data: data8 }];
                                  return false;
                                }
                                var valid1 = _errs19 === errors;
                              } else {
                                var valid1 = true;
                              }
                            }
                          }
                        }
                      } else {
                        validate52.errors = [{ instancePath: instancePath + "/share", schemaPath: "#/properties/share/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.share.type, parentSchema: schema19.properties.share, data: data5 }];
                        return false;
                      }
                    }
                    var valid0 = _errs12 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.packages !== void 0) {
                      let data9 = data.packages;
                      const _errs21 = errors;
                      if (errors === _errs21) {
                        if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
                          for (const key2 in data9) {
                            const _errs23 = errors;
                            if (typeof key2 === "string") {
                              if (!pattern6.test(key2)) {
                                const err0 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$" }, message: 'must match pattern "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$"', schema: "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$", parentSchema: schema19.properties.packages.propertyNames, data: key2, propertyName: key2 };
                                if (vErrors === null) {
                                  vErrors = [err0];
                                } else {
                                  vErrors.push(err0);
                                }
                                errors++;
                              }
                            }
                            var valid2 = _errs23 === errors;
                            if (!valid2) {
                              const err1 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames", keyword: "propertyNames", params: { propertyName: key2 }, message: "property name must be valid", schema: schema19.properties.packages.propertyNames, parentSchema: schema19.properties.packages, data: data9 };
                              if (vErrors === null) {
                                vErrors = [err1];
                              } else {
                                vErrors.push(err1);
                              }
                              errors++;
                              validate52.errors = vErrors;
                              return false;
                              break;
                            }
                          }
                          if (valid2) {
                            for (const key3 in data9) {
                              let data10 = data9[key3];
                              const _errs25 = errors;
                              if (errors === _errs25) {
                                if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
                                  const _errs27 = errors;
                                  for (const key4 in data10) {
                                    if (!(key4 === "portable" || key4 === "keep_versions")) {
                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.packages.additionalProperties, data: data10 }];
                                      return false;
                                      break;
                                    }
                                  }
                                  if (_errs27 === errors) {
                                    if (data10.portable !== void 0) {
                                      let data11 = data10.portable;
                                      const _errs28 = errors;
                                      if (typeof data11 !== "boolean") {
                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/portable", schemaPath: "#/properties/packages/additionalProperties/properties/portable/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.packages.additionalProperties.properties.portable.type, parentSchema: schema19.properties.packages.additionalProperties.properties.portable, data: data11 }];
                                        return false;
                                      }
                                      var valid4 = _errs28 === errors;
                                    } else {
                                      var valid4 = true;
                                    }
                                    if (valid4) {
                                      if (data10.keep_versions !== void 0) {
                                        let data12 = data10.keep_versions;
                                        const _errs30 = errors;
                                        if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/keep_versions", schemaPath: "#/properties/packages/additionalProperties/properties/keep_versions/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema19.properties.packages.additionalProperties.properties.keep_versions.type, parentSchema: schema19.properties.packages.additionalProperties.properties.keep_versions, data: data12 }];
                                          return false;
                                        }
                                        if (errors === _errs30) {
                                          if (typeof data12 == "number" && isFinite(data12)) {
                                            if (data12 > 1e3 || isNaN(data12)) {
                                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/keep_versions", schemaPath: "#/properties/packages/additionalProperties/properties/keep_versions/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 }, message: "must be <= 1000", schema: 1e3, parentSchema: schema19.properties.packages.additionalProperties.properties.keep_versions, data: data12 }];
                                              return false;
                                            } else {
                                              if (data12 < 0 || isNaN(data12)) {
                                                validate52.errors = [{ instancePath: instancePath + "/packages/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/keep_versions", schemaPath: "#/properties/packages/additionalProperties/properties/keep_versions/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema19.properties.packages.additionalProperties.properties.keep_versions, data: data12 }];
                                                return false;
                                              }
                                            }
                                          }
                                        }
                                        var valid4 = _errs30 === errors;
                                      } else {
                                        var valid4 = true;
                                      }
                                    }
                                  }
                                } else {
                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.packages.additionalProperties.type, parentSchema: schema19.properties.packages.additionalProperties, data: data10 }];
                                  return false;
                                }
                              }
                              var valid3 = _errs25 === errors;
                              if (!valid3) {
                                break;
                              }
                            }
                          }
                        } else {
                          validate52.errors = [{ instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.packages.type, parentSchema: schema19.properties.packages, data: data9 }];
                          return false;
                        }
                      }
                      var valid0 = _errs21 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.repositories !== void 0) {
                        let data13 = data.repositories;
                        const _errs32 = errors;
                        if (errors === _errs32) {
                          if (data13 && typeof data13 == "object" && !Array.isArray(data13)) {
                            for (const key5 in data13) {
                              const _errs34 = errors;
                              if (typeof key5 === "string") {
                                if (!pattern7.test(key5)) {
                                  const err2 = { instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", parentSchema: schema19.properties.repositories.propertyNames, data: key5, propertyName: key5 };
                                  if (vErrors === null) {
                                    vErrors = [err2];
                                  } else {
                                    vErrors.push(err2);
                                  }
                                  errors++;
                                }
                              }
                              var valid5 = _errs34 === errors;
                              if (!valid5) {
                                const err3 = { instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/propertyNames", keyword: "propertyNames", params: { propertyName: key5 }, message: "property name must be valid", schema: schema19.properties.repositories.propertyNames, parentSchema: schema19.properties.repositories, data: data13 };
                                if (vErrors === null) {
                                  vErrors = [err3];
                                } else {
                                  vErrors.push(err3);
                                }
                                errors++;
                                validate52.errors = vErrors;
                                return false;
                                break;
                              }
                            }
                            if (valid5) {
                              for (const key6 in data13) {
                                let data14 = data13[key6];
                                const _errs36 = errors;
                                if (errors === _errs36) {
                                  if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
                                    const _errs38 = errors;
                                    for (const key7 in data14) {
                                      if (!func1.call(schema19.properties.repositories.additionalProperties.properties, key7)) {
                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.repositories.additionalProperties, data: data14 }];
                                        return false;
                                        break;
                                      }
                                    }
                                    if (_errs38 === errors) {
                                      if (data14.kind !== void 0) {
                                        let data15 = data14.kind;
                                        const _errs39 = errors;
                                        if (!(data15 === "index" || data15 === "homebrew")) {
                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/kind", schemaPath: "#/properties/repositories/additionalProperties/properties/kind/enum", keyword: "enum", params: { allowedValues: schema19.properties.repositories.additionalProperties.properties.kind.enum }, message: "must be equal to one of the allowed values", schema: schema19.properties.repositories.additionalProperties.properties.kind.enum, parentSchema: schema19.properties.repositories.additionalProperties.properties.kind, data: data15 }];
                                          return false;
                                        }
                                        var valid7 = _errs39 === errors;
                                      } else {
                                        var valid7 = true;
                                      }
                                      if (valid7) {
                                        if (data14.url !== void 0) {
                                          let data16 = data14.url;
                                          const _errs40 = errors;
                                          if (errors === _errs40) {
                                            if (typeof data16 === "string") {
                                              if (func2(data16) > 2048) {
                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data16 }];
                                                return false;
                                              } else {
                                                if (!pattern8.test(data16)) {
                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/pattern", keyword: "pattern", params: { pattern: "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$" }, message: 'must match pattern "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$"', schema: "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$", parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data16 }];
                                                  return false;
                                                }
                                              }
                                            } else {
                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.url.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data16 }];
                                              return false;
                                            }
                                          }
                                          var valid7 = _errs40 === errors;
                                        } else {
                                          var valid7 = true;
                                        }
                                        if (valid7) {
                                          if (data14.bundle !== void 0) {
                                            let data17 = data14.bundle;
                                            const _errs42 = errors;
                                            if (errors === _errs42) {
                                              if (typeof data17 === "string") {
                                                if (func2(data17) > 4096) {
                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/bundle", schemaPath: "#/properties/repositories/additionalProperties/properties/bundle/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.repositories.additionalProperties.properties.bundle, data: data17 }];
                                                  return false;
                                                } else {
                                                  if (!pattern9.test(data17)) {
                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/bundle", schemaPath: "#/properties/repositories/additionalProperties/properties/bundle/pattern", keyword: "pattern", params: { pattern: "^/[^\\p{Cc}]*$" }, message: 'must match pattern "^/[^\\p{Cc}]*$"', schema: "^/[^\\p{Cc}]*$", parentSchema: schema19.properties.repositories.additionalProperties.properties.bundle, data: data17 }];
                                                    return false;
                                                  }
                                                }
                                              } else {
                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/bundle", schemaPath: "#/properties/repositories/additionalProperties/properties/bundle/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.bundle.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.bundle, data: data17 }];
                                                return false;
                                              }
                                            }
                                            var valid7 = _errs42 === errors;
                                          } else {
                                            var valid7 = true;
                                          }
                                          if (valid7) {
                                            if (data14.keys !== void 0) {
                                              let data18 = data14.keys;
                                              const _errs44 = errors;
                                              if (errors === _errs44) {
                                                if (Array.isArray(data18)) {
                                                  if (data18.length > 16) {
                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys", schemaPath: "#/properties/repositories/additionalProperties/properties/keys/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys, data: data18 }];
                                                    return false;
                                                  } else {
                                                    var valid8 = true;
                                                    const len0 = data18.length;
                                                    for (let i0 = 0; i0 < len0; i0++) {
                                                      let data19 = data18[i0];
                                                      const _errs46 = errors;
                                                      if (errors === _errs46) {
                                                        if (typeof data19 === "string") {
                                                          if (func2(data19) > 1024) {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys/" + i0, schemaPath: "#/properties/repositories/additionalProperties/properties/keys/items/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys.items, data: data19 }];
                                                            return false;
                                                          } else {
                                                            if (func2(data19) < 1) {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys/" + i0, schemaPath: "#/properties/repositories/additionalProperties/properties/keys/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys.items, data: data19 }];
                                                              return false;
                                                            }
                                                          }
                                                        } else {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys/" + i0, schemaPath: "#/properties/repositories/additionalProperties/properties/keys/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.keys.items.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys.items, data: data19 }];
                                                          return false;
                                                        }
                                                      }
                                                      var valid8 = _errs46 === errors;
                                                      if (!valid8) {
                                                        break;
                                                      }
                                                    }
                                                  }
                                                } else {
                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys", schemaPath: "#/properties/repositories/additionalProperties/properties/keys/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.repositories.additionalProperties.properties.keys.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys, data: data18 }];
                                                  return false;
                                                }
                                              }
                                              var valid7 = _errs44 === errors;
                                            } else {
                                              var valid7 = true;
                                            }
                                            if (valid7) {
                                              if (data14.threshold !== void 0) {
                                                let data20 = data14.threshold;
                                                const _errs48 = errors;
                                                if (!(typeof data20 == "number" && (!(data20 % 1) && !isNaN(data20)) && isFinite(data20))) {
                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/threshold", schemaPath: "#/properties/repositories/additionalProperties/properties/threshold/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema19.properties.repositories.additionalProperties.properties.threshold.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.threshold, data: data20 }];
                                                  return false;
                                                }
                                                if (errors === _errs48) {
                                                  if (typeof data20 == "number" && isFinite(data20)) {
                                                    if (data20 > 16 || isNaN(data20)) {
                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/threshold", schemaPath: "#/properties/repositories/additionalProperties/properties/threshold/maximum", keyword: "maximum", params: { comparison: "<=", limit: 16 }, message: "must be <= 16", schema: 16, parentSchema: schema19.properties.repositories.additionalProperties.properties.threshold, data: data20 }];
                                                      return false;
                                                    } else {
                                                      if (data20 < 1 || isNaN(data20)) {
                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/threshold", schemaPath: "#/properties/repositories/additionalProperties/properties/threshold/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.threshold, data: data20 }];
                                                        return false;
                                                      }
                                                    }
                                                  }
                                                }
                                                var valid7 = _errs48 === errors;
                                              } else {
                                                var valid7 = true;
                                              }
                                              if (valid7) {
                                                if (data14.require !== void 0) {
                                                  let data21 = data14.require;
                                                  const _errs50 = errors;
                                                  if (errors === _errs50) {
                                                    if (Array.isArray(data21)) {
                                                      if (data21.length > 4) {
                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/require", schemaPath: "#/properties/repositories/additionalProperties/properties/require/maxItems", keyword: "maxItems", params: { limit: 4 }, message: "must NOT have more than 4 items", schema: 4, parentSchema: schema19.properties.repositories.additionalProperties.properties.require, data: data21 }];
                                                        return false;
                                                      } else {
                                                        var valid9 = true;
                                                        const len1 = data21.length;
                                                        for (let i1 = 0; i1 < len1; i1++) {
                                                          let data22 = data21[i1];
                                                          const _errs52 = errors;
                                                          if (!(data22 === "digest" || data22 === "checksum" || data22 === "signature" || data22 === "provenance")) {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/require/" + i1, schemaPath: "#/properties/repositories/additionalProperties/properties/require/items/enum", keyword: "enum", params: { allowedValues: schema19.properties.repositories.additionalProperties.properties.require.items.enum }, message: "must be equal to one of the allowed values", schema: schema19.properties.repositories.additionalProperties.properties.require.items.enum, parentSchema: schema19.properties.repositories.additionalProperties.properties.require.items, data: data22 }];
                                                            return false;
                                                          }
                                                          var valid9 = _errs52 === errors;
                                                          if (!valid9) {
                                                            break;
                                                          }
                                                        }
                                                        if (valid9) {
                                                          let i2 = data21.length;
                                                          let j0;
                                                          if (i2 > 1) {
                                                            outer0:
                                                              for (; i2--; ) {
                                                                for (j0 = i2; j0--; ) {
                                                                  if (func0(data21[i2], data21[j0])) {
                                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/require", schemaPath: "#/properties/repositories/additionalProperties/properties/require/uniqueItems", keyword: "uniqueItems", params: { i: i2, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i2 + " are identical)", schema: true, parentSchema: schema19.properties.repositories.additionalProperties.properties.require, data: data21 }];
                                                                    return false;
                                                                    break outer0;
                                                                  }
                                                                }
                                                              }
                                                          }
                                                        }
                                                      }
                                                    } else {
                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/require", schemaPath: "#/properties/repositories/additionalProperties/properties/require/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.repositories.additionalProperties.properties.require.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.require, data: data21 }];
                                                      return false;
                                                    }
                                                  }
                                                  var valid7 = _errs50 === errors;
                                                } else {
                                                  var valid7 = true;
                                                }
                                                if (valid7) {
                                                  if (data14.provenance !== void 0) {
                                                    let data23 = data14.provenance;
                                                    const _errs53 = errors;
                                                    if (errors === _errs53) {
                                                      if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
                                                        let missing0;
                                                        if (data23.identity === void 0 && (missing0 = "identity") || data23.issuer === void 0 && (missing0 = "issuer")) {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema19.properties.repositories.additionalProperties.properties.provenance.required, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance, data: data23 }];
                                                          return false;
                                                        } else {
                                                          const _errs55 = errors;
                                                          for (const key8 in data23) {
                                                            if (!(key8 === "identity" || key8 === "issuer" || key8 === "trusted_root")) {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance, data: data23 }];
                                                              return false;
                                                              break;
                                                            }
                                                          }
                                                          if (_errs55 === errors) {
                                                            if (data23.identity !== void 0) {
                                                              let data24 = data23.identity;
                                                              const _errs56 = errors;
                                                              if (errors === _errs56) {
                                                                if (typeof data24 === "string") {
                                                                  if (func2(data24) > 2048) {
                                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/identity", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/identity/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity, data: data24 }];
                                                                    return false;
                                                                  } else {
                                                                    if (func2(data24) < 1) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/identity", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/identity/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity, data: data24 }];
                                                                      return false;
                                                                    }
                                                                  }
                                                                } else {
                                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/identity", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/identity/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity, data: data24 }];
                                                                  return false;
                                                                }
                                                              }
                                                              var valid11 = _errs56 === errors;
                                                            } else {
                                                              var valid11 = true;
                                                            }
                                                            if (valid11) {
                                                              if (data23.issuer !== void 0) {
                                                                let data25 = data23.issuer;
                                                                const _errs58 = errors;
                                                                if (errors === _errs58) {
                                                                  if (typeof data25 === "string") {
                                                                    if (func2(data25) > 2048) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/issuer", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/issuer/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer, data: data25 }];
                                                                      return false;
                                                                    } else {
                                                                      if (!pattern10.test(data25)) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/issuer", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/issuer/pattern", keyword: "pattern", params: { pattern: "^https://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https://[^\\s\\p{Cc}]+$"', schema: "^https://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer, data: data25 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                  } else {
                                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/issuer", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/issuer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer, data: data25 }];
                                                                    return false;
                                                                  }
                                                                }
                                                                var valid11 = _errs58 === errors;
                                                              } else {
                                                                var valid11 = true;
                                                              }
                                                              if (valid11) {
                                                                if (data23.trusted_root !== void 0) {
                                                                  let data26 = data23.trusted_root;
                                                                  const _errs60 = errors;
                                                                  if (errors === _errs60) {
                                                                    if (typeof data26 === "string") {
                                                                      if (func2(data26) > 4096) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/trusted_root", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/trusted_root/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root, data: data26 }];
                                                                        return false;
                                                                      } else {
                                                                        if (!pattern9.test(data26)) {
                                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/trusted_root", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/trusted_root/pattern", keyword: "pattern", params: { pattern: "^/[^\\p{Cc}]*$" }, message: 'must match pattern "^/[^\\p{Cc}]*$"', schema: "^/[^\\p{Cc}]*$", parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root, data: data26 }];
                                                                          return false;
                                                                        }
                                                                      }
                                                                    } else {
                                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/trusted_root", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/trusted_root/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root, data: data26 }];
                                                                      return false;
                                                                    }
                                                                  }
                                                                  var valid11 = _errs60 === errors;
                                                                } else {
                                                                  var valid11 = true;
                                                                }
                                                              }
                                                            }
                                                          }
                                                        }
                                                      } else {
                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.additionalProperties.properties.provenance.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance, data: data23 }];
                                                        return false;
                                                      }
                                                    }
                                                    var valid7 = _errs53 === errors;
                                                  } else {
                                                    var valid7 = true;
                                                  }
                                                  if (valid7) {
                                                    if (data14.prefix !== void 0) {
                                                      let data27 = data14.prefix;
                                                      const _errs62 = errors;
                                                      if (errors === _errs62) {
                                                        if (typeof data27 === "string") {
                                                          if (func2(data27) > 1024) {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/properties/repositories/additionalProperties/properties/prefix/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.repositories.additionalProperties.properties.prefix, data: data27 }];
                                                            return false;
                                                          } else {
                                                            if (!pattern12.test(data27)) {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/properties/repositories/additionalProperties/properties/prefix/pattern", keyword: "pattern", params: { pattern: "^~?/[^\\p{Cc}]+$" }, message: 'must match pattern "^~?/[^\\p{Cc}]+$"', schema: "^~?/[^\\p{Cc}]+$", parentSchema: schema19.properties.repositories.additionalProperties.properties.prefix, data: data27 }];
                                                              return false;
                                                            }
                                                          }
                                                        } else {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/properties/repositories/additionalProperties/properties/prefix/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.prefix.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.prefix, data: data27 }];
                                                          return false;
                                                        }
                                                      }
                                                      var valid7 = _errs62 === errors;
                                                    } else {
                                                      var valid7 = true;
                                                    }
                                                    if (valid7) {
                                                      if (data14.enabled !== void 0) {
                                                        let data28 = data14.enabled;
                                                        const _errs64 = errors;
                                                        if (typeof data28 !== "boolean") {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/enabled", schemaPath: "#/properties/repositories/additionalProperties/properties/enabled/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.repositories.additionalProperties.properties.enabled.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.enabled, data: data28 }];
                                                          return false;
                                                        }
                                                        var valid7 = _errs64 === errors;
                                                      } else {
                                                        var valid7 = true;
                                                      }
                                                      if (valid7) {
                                                        if (data14.allow_legacy_signatures !== void 0) {
                                                          let data29 = data14.allow_legacy_signatures;
                                                          const _errs66 = errors;
                                                          if (typeof data29 !== "boolean") {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/allow_legacy_signatures", schemaPath: "#/properties/repositories/additionalProperties/properties/allow_legacy_signatures/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.repositories.additionalProperties.properties.allow_legacy_signatures.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.allow_legacy_signatures, data: data29 }];
                                                            return false;
                                                          }
                                                          var valid7 = _errs66 === errors;
                                                        } else {
                                                          var valid7 = true;
                                                        }
                                                        if (valid7) {
                                                          if (data14.signed_index !== void 0) {
                                                            let data30 = data14.signed_index;
                                                            const _errs68 = errors;
                                                            if (typeof data30 !== "boolean") {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/signed_index", schemaPath: "#/properties/repositories/additionalProperties/properties/signed_index/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.repositories.additionalProperties.properties.signed_index.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.signed_index, data: data30 }];
                                                              return false;
                                                            }
                                                            var valid7 = _errs68 === errors;
                                                          } else {
                                                            var valid7 = true;
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
                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.additionalProperties.type, parentSchema: schema19.properties.repositories.additionalProperties, data: data14 }];
                                    return false;
                                  }
                                }
                                var valid6 = _errs36 === errors;
                                if (!valid6) {
                                  break;
                                }
                              }
                            }
                          } else {
                            validate52.errors = [{ instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.type, parentSchema: schema19.properties.repositories, data: data13 }];
                            return false;
                          }
                        }
                        var valid0 = _errs32 === errors;
                      } else {
                        var valid0 = true;
                      }
                      if (valid0) {
                        if (data.registries !== void 0) {
                          let data31 = data.registries;
                          const _errs70 = errors;
                          if (errors === _errs70) {
                            if (data31 && typeof data31 == "object" && !Array.isArray(data31)) {
                              for (const key9 in data31) {
                                const _errs72 = errors;
                                if (typeof key9 === "string") {
                                  if (func2(key9) > 255) {
                                    const err4 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters", schema: 255, parentSchema: schema19.properties.registries.propertyNames, data: key9, propertyName: key9 };
                                    if (vErrors === null) {
                                      vErrors = [err4];
                                    } else {
                                      vErrors.push(err4);
                                    }
                                    errors++;
                                  } else {
                                    if (func2(key9) < 1) {
                                      const err5 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.registries.propertyNames, data: key9, propertyName: key9 };
                                      if (vErrors === null) {
                                        vErrors = [err5];
                                      } else {
                                        vErrors.push(err5);
                                      }
                                      errors++;
                                    } else {
                                      if (!pattern13.test(key9)) {
                                        const err6 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\s/]+$" }, message: 'must match pattern "^[^\\s/]+$"', schema: "^[^\\s/]+$", parentSchema: schema19.properties.registries.propertyNames, data: key9, propertyName: key9 };
                                        if (vErrors === null) {
                                          vErrors = [err6];
                                        } else {
                                          vErrors.push(err6);
                                        }
                                        errors++;
                                      }
                                    }
                                  }
                                }
                                var valid12 = _errs72 === errors;
                                if (!valid12) {
                                  const err7 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames", keyword: "propertyNames", params: { propertyName: key9 }, message: "property name must be valid", schema: schema19.properties.registries.propertyNames, parentSchema: schema19.properties.registries, data: data31 };
                                  if (vErrors === null) {
                                    vErrors = [err7];
                                  } else {
                                    vErrors.push(err7);
                                  }
                                  errors++;
                                  validate52.errors = vErrors;
                                  return false;
                                  break;
                                }
                              }
                              if (valid12) {
                                for (const key10 in data31) {
                                  let data32 = data31[key10];
                                  const _errs74 = errors;
                                  if (errors === _errs74) {
                                    if (data32 && typeof data32 == "object" && !Array.isArray(data32)) {
                                      const _errs76 = errors;
                                      for (const key11 in data32) {
                                        if (!(key11 === "mirrors" || key11 === "mirror_only" || key11 === "plain_http")) {
                                          validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/registries/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.registries.additionalProperties, data: data32 }];
                                          return false;
                                          break;
                                        }
                                      }
                                      if (_errs76 === errors) {
                                        if (data32.mirrors !== void 0) {
                                          let data33 = data32.mirrors;
                                          const _errs77 = errors;
                                          if (errors === _errs77) {
                                            if (Array.isArray(data33)) {
                                              if (data33.length > 16) {
                                                validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors", schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors, data: data33 }];
                                                return false;
                                              } else {
                                                var valid15 = true;
                                                const len2 = data33.length;
                                                for (let i3 = 0; i3 < len2; i3++) {
                                                  let data34 = data33[i3];
                                                  const _errs79 = errors;
                                                  if (errors === _errs79) {
                                                    if (typeof data34 === "string") {
                                                      if (func2(data34) > 2048) {
                                                        validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors/" + i3, schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors.items, data: data34 }];
                                                        return false;
                                                      } else {
                                                        if (!pattern14.test(data34)) {
                                                          validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors/" + i3, schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/items/pattern", keyword: "pattern", params: { pattern: "^https?://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https?://[^\\s\\p{Cc}]+$"', schema: "^https?://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors.items, data: data34 }];
                                                          return false;
                                                        }
                                                      }
                                                    } else {
                                                      validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors/" + i3, schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.registries.additionalProperties.properties.mirrors.items.type, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors.items, data: data34 }];
                                                      return false;
                                                    }
                                                  }
                                                  var valid15 = _errs79 === errors;
                                                  if (!valid15) {
                                                    break;
                                                  }
                                                }
                                              }
                                            } else {
                                              validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors", schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.registries.additionalProperties.properties.mirrors.type, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors, data: data33 }];
                                              return false;
                                            }
                                          }
                                          var valid14 = _errs77 === errors;
                                        } else {
                                          var valid14 = true;
                                        }
                                        if (valid14) {
                                          if (data32.mirror_only !== void 0) {
                                            let data35 = data32.mirror_only;
                                            const _errs81 = errors;
                                            if (typeof data35 !== "boolean") {
                                              validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirror_only", schemaPath: "#/properties/registries/additionalProperties/properties/mirror_only/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.registries.additionalProperties.properties.mirror_only.type, parentSchema: schema19.properties.registries.additionalProperties.properties.mirror_only, data: data35 }];
                                              return false;
                                            }
                                            var valid14 = _errs81 === errors;
                                          } else {
                                            var valid14 = true;
                                          }
                                          if (valid14) {
                                            if (data32.plain_http !== void 0) {
                                              let data36 = data32.plain_http;
                                              const _errs83 = errors;
                                              if (typeof data36 !== "boolean") {
                                                validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/plain_http", schemaPath: "#/properties/registries/additionalProperties/properties/plain_http/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.registries.additionalProperties.properties.plain_http.type, parentSchema: schema19.properties.registries.additionalProperties.properties.plain_http, data: data36 }];
                                                return false;
                                              }
                                              var valid14 = _errs83 === errors;
                                            } else {
                                              var valid14 = true;
                                            }
                                          }
                                        }
                                      }
                                    } else {
                                      validate52.errors = [{ instancePath: instancePath + "/registries/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/registries/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.registries.additionalProperties.type, parentSchema: schema19.properties.registries.additionalProperties, data: data32 }];
                                      return false;
                                    }
                                  }
                                  var valid13 = _errs74 === errors;
                                  if (!valid13) {
                                    break;
                                  }
                                }
                              }
                            } else {
                              validate52.errors = [{ instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.registries.type, parentSchema: schema19.properties.registries, data: data31 }];
                              return false;
                            }
                          }
                          var valid0 = _errs70 === errors;
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
    } else {
      validate52.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.type, parentSchema: schema19, data }];
      return false;
    }
  }
  validate52.errors = vErrors;
  return errors === 0;
}
validate52.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
export {
  validateConfig
};
