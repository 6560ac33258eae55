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
var schema19 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ConfigFile", "description": "The file `config.toml`. Every key is optional; an unknown key is an error.", "type": "object", "additionalProperties": false, "properties": { "concurrency": { "description": "Packages fetched at a time; unless it is 1, three times as many of those whose file has at most 4 MiB.", "type": "integer", "minimum": 1, "maximum": 64 }, "sync_interval": { "description": 'Age after which an index counts as stale: a number and `s`, `m`, `h` or `d`, such as "6h"; or "never".', "type": "string", "pattern": "^(?:never|[0-9]{1,6}[smhd])$" }, "keep": { "description": 'How long what was changed can be undone, and what that needs stays: a number and `s`, `m`, `h` or `d`, such as "30d"; or "never" to clean none of it.', "type": "string", "pattern": "^(?:never|[0-9]{1,6}[smhd])$" }, "keep_versions": { "description": "How many former versions of an installed package stay, however old they are.", "type": "integer", "minimum": 0, "maximum": 1e3 }, "bin_dir": { "description": 'Absolute path of the directory that programs are linked into, such as "/opt/bin" or "~/bin".', "type": "string", "minLength": 1, "maxLength": 4096, "pattern": "^(?:~?/[^\\p{Cc}]*|~)$" }, "share": { "title": "ShareTable", "description": "What of packages is linked where the system looks for it, in the user's data directory: `~/.local/share`, or `share` in the directory of `--home`. It counts from the next time that a package is installed, updated or reinstalled.", "type": "object", "additionalProperties": false, "properties": { "man": { "description": "`false`: man pages are not linked.", "type": "boolean" }, "completions": { "description": "`false`: completions for bash, zsh and fish are not linked.", "type": "boolean" }, "desktop": { "description": "`false`: desktop entries and their icons are not linked.", "type": "boolean" } } }, "self": { "title": "SelfTable", "description": "Where `pkg self update` takes the program itself from.", "type": "object", "additionalProperties": false, "properties": { "from": { "description": 'Its package, such as "ghcr.io/OWNER/pkg".', "type": "string", "minLength": 3, "maxLength": 512 }, "key": { "description": "The minisign public key that its releases are signed with.", "type": "string", "pattern": "^RW[A-Za-z0-9+/]{54}$" } } }, "packages": { "description": "Settings of packages by the names that they are installed under.", "type": "object", "propertyNames": { "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$" }, "additionalProperties": { "title": "PackageTable", "description": "One package.", "type": "object", "additionalProperties": false, "properties": { "portable": { "description": "`true`: an AppImage gets directories of its own for its home and its configuration, beside it. It counts from the next time that it is installed, updated or reinstalled.", "type": "boolean" }, "keep_versions": { "description": "How many former versions of it stay, instead of what `keep_versions` says for all.", "type": "integer", "minimum": 0, "maximum": 1e3 } } } }, "repositories": { "description": "Package indexes by name. Single keys of a built-in one can be overridden.", "type": "object", "propertyNames": { "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "additionalProperties": { "title": "RepositoryTable", "description": "One package index.", "type": "object", "additionalProperties": false, "properties": { "kind": { "description": "What is at `url`: `index`, a document that lists packages (the default); or `homebrew`, Homebrew's formulae, whose packages are bottles.", "enum": ["index", "homebrew"] }, "url": { "description": 'Address of the index: https, http, file, or oci for one in a registry (`oci://ghcr.io/me/index`, the tag `latest` unless it names one), in an OCI layout (`oci:/srv/layout`) or a tar of one (`oci-archive:/srv/layout.tar`); `{arch}` stands for the machine\'s architecture. For `kind = "homebrew"`, the address below which `internal/packages.TAG.jws.json` and `formula.jws.json` are.', "type": "string", "maxLength": 2048, "pattern": "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$" }, "bundle": { "description": "A bundle that `pkg bundle create` made, which its index and packages are read from, as `pkg repo add FILE` sets it: the absolute path of the tar or directory, or a reference. What it does not have is fetched from the network.", "type": "string", "maxLength": 4096, "pattern": "^(?:/[^\\p{Cc}]*|[^\\s/\\p{Cc}]+/[^\\s\\p{Cc}]+[:@][\\w.:-]+)$" }, "keys": { "description": 'minisign public keys, each the base64 line alone. Packages are signed by any of them, an index by as many as `threshold` says. An index that names its own keys is first trusted by these; from then on its keys count. For `kind = "homebrew"`: RSA keys, as SPKI in base64, each with the id that signatures name it by and a colon before it (`homebrew-2:MII…`); without these its id is `homebrew-1`. Without any keys, Homebrew\'s own counts.', "type": "array", "maxItems": 16, "items": { "type": "string", "minLength": 1, "maxLength": 1024 } }, "threshold": { "description": "How many of `keys` have to sign the index, by default 1. If the index itself requires more, that number counts.", "type": "integer", "minimum": 1, "maximum": 16 }, "require": { "description": "Checks that every package of the repository must pass.", "type": "array", "uniqueItems": true, "maxItems": 4, "items": { "enum": ["digest", "checksum", "signature", "provenance"] } }, "provenance": { "title": "ProvenanceTable", "description": "Who may build the packages: each must have a Sigstore bundle, attached to it in its registry, that proves it.", "type": "object", "additionalProperties": false, "required": ["identity", "issuer"], "properties": { "identity": { "description": "The workflow or the mail address that signs, as its certificate names it; one that ends in `/*` or `@*` matches every identity that begins with the text before the `*`.", "type": "string", "minLength": 1, "maxLength": 2048 }, "issuer": { "description": 'The OpenID Connect issuer that vouches for it: "https://token.actions.githubusercontent.com" for GitHub Actions.', "type": "string", "maxLength": 2048, "pattern": "^https://[^\\s\\p{Cc}]+$" }, "trusted_root": { "description": "Absolute path of the `trusted_root.json` of a Sigstore instance other than the public one.", "type": "string", "maxLength": 4096, "pattern": "^/[^\\p{Cc}]*$" } } }, "prefix": { "description": 'Absolute path of the directory that bottles are poured into, such as "~/.pkg"; for `kind = "homebrew"`. By default `brew` in the data directory if that path has at most 26 bytes, else `~/.pkg`. All repositories of this kind share one.', "type": "string", "maxLength": 1024, "pattern": "^~?/[^\\p{Cc}]+$" }, "enabled": { "description": "`false`: the repository is left out.", "type": "boolean" }, "allow_legacy_signatures": { "description": "Accept signatures over the bytes themselves, not their BLAKE2b hash.", "type": "boolean" }, "signed_index": { "description": "The keys must have signed the index itself, at its address with `.sig` added; by default `true` if there are keys. `false`: those of an older form are taken unsigned, and the keys sign only its packages.", "type": "boolean" } } } }, "registries": { "description": "Settings of OCI registries by host and port.", "type": "object", "propertyNames": { "minLength": 1, "maxLength": 255, "pattern": "^[^\\s/]+$" }, "additionalProperties": { "title": "RegistryTable", "description": "One registry.", "type": "object", "additionalProperties": false, "properties": { "mirrors": { "description": 'Addresses asked in order before the registry itself, e.g. "http://127.0.0.1:5000".', "type": "array", "maxItems": 16, "items": { "description": 'An http or https address, such as "http://127.0.0.1:5000".', "type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s\\p{Cc}]+$" } }, "mirror_only": { "description": "Never ask the registry itself: for closed networks.", "type": "boolean" }, "plain_http": { "description": "Speak http, not https, to the registry.", "type": "boolean" } } } } } };
var func1 = Object.prototype.hasOwnProperty;
var func2 = require_ucs2length().default;
var func0 = require_equal().default;
var pattern3 = lazyPattern("^(?:never|[0-9]{1,6}[smhd])$", "u");
var pattern5 = lazyPattern("^(?:~?/[^\\p{Cc}]*|~)$", "u");
var pattern6 = lazyPattern("^RW[A-Za-z0-9+/]{54}$", "u");
var pattern7 = lazyPattern("^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$", "u");
var pattern8 = lazyPattern("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", "u");
var pattern9 = lazyPattern("^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$", "u");
var pattern10 = lazyPattern("^(?:/[^\\p{Cc}]*|[^\\s/\\p{Cc}]+/[^\\s\\p{Cc}]+[:@][\\w.:-]+)$", "u");
var pattern11 = lazyPattern("^https://[^\\s\\p{Cc}]+$", "u");
var pattern12 = lazyPattern("^/[^\\p{Cc}]*$", "u");
var pattern13 = lazyPattern("^~?/[^\\p{Cc}]+$", "u");
var pattern14 = lazyPattern("^[^\\s/]+$", "u");
var pattern15 = lazyPattern("^https?://[^\\s\\p{Cc}]+$", "u");
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
                      if (data4.length > 4096 && func2(data4) > 4096) {
                        validate52.errors = [{ instancePath: instancePath + "/bin_dir", schemaPath: "#/properties/bin_dir/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.bin_dir, data: data4 }];
                        return false;
                      } else {
                        if (data4.length < 2 && func2(data4) < 1) {
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
                    if (data.self !== void 0) {
                      let data9 = data.self;
                      const _errs21 = errors;
                      if (errors === _errs21) {
                        if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
                          const _errs23 = errors;
                          for (const key2 in data9) {
                            if (!(key2 === "from" || key2 === "key")) {
                              validate52.errors = [{ instancePath: instancePath + "/self", schemaPath: "#/properties/self/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.self, data: data9 }];
                              return false;
                              break;
                            }
                          }
                          if (_errs23 === errors) {
                            if (data9.from !== void 0) {
                              let data10 = data9.from;
                              const _errs24 = errors;
                              if (errors === _errs24) {
                                if (typeof data10 === "string") {
                                  if (data10.length > 512 && func2(data10) > 512) {
                                    validate52.errors = [{ instancePath: instancePath + "/self/from", schemaPath: "#/properties/self/properties/from/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema19.properties.self.properties.from, data: data10 }];
                                    return false;
                                  } else {
                                    if (data10.length < 6 && func2(data10) < 3) {
                                      validate52.errors = [{ instancePath: instancePath + "/self/from", schemaPath: "#/properties/self/properties/from/minLength", keyword: "minLength", params: { limit: 3 }, message: "must NOT have fewer than 3 characters", schema: 3, parentSchema: schema19.properties.self.properties.from, data: data10 }];
                                      return false;
                                    }
                                  }
                                } else {
                                  validate52.errors = [{ instancePath: instancePath + "/self/from", schemaPath: "#/properties/self/properties/from/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.self.properties.from.type, parentSchema: schema19.properties.self.properties.from, data: data10 }];
                                  return false;
                                }
                              }
                              var valid2 = _errs24 === errors;
                            } else {
                              var valid2 = true;
                            }
                            if (valid2) {
                              if (data9.key !== void 0) {
                                let data11 = data9.key;
                                const _errs26 = errors;
                                if (errors === _errs26) {
                                  if (typeof data11 === "string") {
                                    if (!pattern6.test(data11)) {
                                      validate52.errors = [{ instancePath: instancePath + "/self/key", schemaPath: "#/properties/self/properties/key/pattern", keyword: "pattern", params: { pattern: "^RW[A-Za-z0-9+/]{54}$" }, message: 'must match pattern "^RW[A-Za-z0-9+/]{54}$"', schema: "^RW[A-Za-z0-9+/]{54}$", parentSchema: schema19.properties.self.properties.key, data: data11 }];
                                      return false;
                                    }
                                  } else {
                                    validate52.errors = [{ instancePath: instancePath + "/self/key", schemaPath: "#/properties/self/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.self.properties.key.type, parentSchema: schema19.properties.self.properties.key, data: data11 }];
                                    return false;
                                  }
                                }
                                var valid2 = _errs26 === errors;
                              } else {
                                var valid2 = true;
                              }
                            }
                          }
                        } else {
                          validate52.errors = [{ instancePath: instancePath + "/self", schemaPath: "#/properties/self/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.self.type, parentSchema: schema19.properties.self, data: data9 }];
                          return false;
                        }
                      }
                      var valid0 = _errs21 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.packages !== void 0) {
                        let data12 = data.packages;
                        const _errs28 = errors;
                        if (errors === _errs28) {
                          if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
                            for (const key3 in data12) {
                              const _errs30 = errors;
                              if (typeof key3 === "string") {
                                if (!pattern7.test(key3)) {
                                  const err0 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$" }, message: 'must match pattern "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$"', schema: "^[A-Za-z0-9_][A-Za-z0-9_.+@~:-]{0,255}$", parentSchema: schema19.properties.packages.propertyNames, data: key3, propertyName: key3 };
                                  if (vErrors === null) {
                                    vErrors = [err0];
                                  } else {
                                    vErrors.push(err0);
                                  }
                                  errors++;
                                }
                              }
                              var valid3 = _errs30 === errors;
                              if (!valid3) {
                                const err1 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames", keyword: "propertyNames", params: { propertyName: key3 }, message: "property name must be valid", schema: schema19.properties.packages.propertyNames, parentSchema: schema19.properties.packages, data: data12 };
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
                            if (valid3) {
                              for (const key4 in data12) {
                                let data13 = data12[key4];
                                const _errs32 = errors;
                                if (errors === _errs32) {
                                  if (data13 && typeof data13 == "object" && !Array.isArray(data13)) {
                                    const _errs34 = errors;
                                    for (const key5 in data13) {
                                      if (!(key5 === "portable" || key5 === "keep_versions")) {
                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.packages.additionalProperties, data: data13 }];
                                        return false;
                                        break;
                                      }
                                    }
                                    if (_errs34 === errors) {
                                      if (data13.portable !== void 0) {
                                        let data14 = data13.portable;
                                        const _errs35 = errors;
                                        if (typeof data14 !== "boolean") {
                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1") + "/portable", schemaPath: "#/properties/packages/additionalProperties/properties/portable/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.packages.additionalProperties.properties.portable.type, parentSchema: schema19.properties.packages.additionalProperties.properties.portable, data: data14 }];
                                          return false;
                                        }
                                        var valid5 = _errs35 === errors;
                                      } else {
                                        var valid5 = true;
                                      }
                                      if (valid5) {
                                        if (data13.keep_versions !== void 0) {
                                          let data15 = data13.keep_versions;
                                          const _errs37 = errors;
                                          if (!(typeof data15 == "number" && (!(data15 % 1) && !isNaN(data15)) && isFinite(data15))) {
                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1") + "/keep_versions", schemaPath: "#/properties/packages/additionalProperties/properties/keep_versions/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema19.properties.packages.additionalProperties.properties.keep_versions.type, parentSchema: schema19.properties.packages.additionalProperties.properties.keep_versions, data: data15 }];
                                            return false;
                                          }
                                          if (errors === _errs37) {
                                            if (typeof data15 == "number" && isFinite(data15)) {
                                              if (data15 > 1e3 || isNaN(data15)) {
                                                validate52.errors = [{ instancePath: instancePath + "/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1") + "/keep_versions", schemaPath: "#/properties/packages/additionalProperties/properties/keep_versions/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 }, message: "must be <= 1000", schema: 1e3, parentSchema: schema19.properties.packages.additionalProperties.properties.keep_versions, data: data15 }];
                                                return false;
                                              } else {
                                                if (data15 < 0 || isNaN(data15)) {
                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1") + "/keep_versions", schemaPath: "#/properties/packages/additionalProperties/properties/keep_versions/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema19.properties.packages.additionalProperties.properties.keep_versions, data: data15 }];
                                                  return false;
                                                }
                                              }
                                            }
                                          }
                                          var valid5 = _errs37 === errors;
                                        } else {
                                          var valid5 = true;
                                        }
                                      }
                                    }
                                  } else {
                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.packages.additionalProperties.type, parentSchema: schema19.properties.packages.additionalProperties, data: data13 }];
                                    return false;
                                  }
                                }
                                var valid4 = _errs32 === errors;
                                if (!valid4) {
                                  break;
                                }
                              }
                            }
                          } else {
                            validate52.errors = [{ instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.packages.type, parentSchema: schema19.properties.packages, data: data12 }];
                            return false;
                          }
                        }
                        var valid0 = _errs28 === errors;
                      } else {
                        var valid0 = true;
                      }
                      if (valid0) {
                        if (data.repositories !== void 0) {
                          let data16 = data.repositories;
                          const _errs39 = errors;
                          if (errors === _errs39) {
                            if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
                              for (const key6 in data16) {
                                const _errs41 = errors;
                                if (typeof key6 === "string") {
                                  if (!pattern8.test(key6)) {
                                    const err2 = { instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", parentSchema: schema19.properties.repositories.propertyNames, data: key6, propertyName: key6 };
                                    if (vErrors === null) {
                                      vErrors = [err2];
                                    } else {
                                      vErrors.push(err2);
                                    }
                                    errors++;
                                  }
                                }
                                var valid6 = _errs41 === errors;
                                if (!valid6) {
                                  const err3 = { instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/propertyNames", keyword: "propertyNames", params: { propertyName: key6 }, message: "property name must be valid", schema: schema19.properties.repositories.propertyNames, parentSchema: schema19.properties.repositories, data: data16 };
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
                              if (valid6) {
                                for (const key7 in data16) {
                                  let data17 = data16[key7];
                                  const _errs43 = errors;
                                  if (errors === _errs43) {
                                    if (data17 && typeof data17 == "object" && !Array.isArray(data17)) {
                                      const _errs45 = errors;
                                      for (const key8 in data17) {
                                        if (!func1.call(schema19.properties.repositories.additionalProperties.properties, key8)) {
                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.repositories.additionalProperties, data: data17 }];
                                          return false;
                                          break;
                                        }
                                      }
                                      if (_errs45 === errors) {
                                        if (data17.kind !== void 0) {
                                          let data18 = data17.kind;
                                          const _errs46 = errors;
                                          if (!(data18 === "index" || data18 === "homebrew")) {
                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/kind", schemaPath: "#/properties/repositories/additionalProperties/properties/kind/enum", keyword: "enum", params: { allowedValues: schema19.properties.repositories.additionalProperties.properties.kind.enum }, message: "must be equal to one of the allowed values", schema: schema19.properties.repositories.additionalProperties.properties.kind.enum, parentSchema: schema19.properties.repositories.additionalProperties.properties.kind, data: data18 }];
                                            return false;
                                          }
                                          var valid8 = _errs46 === errors;
                                        } else {
                                          var valid8 = true;
                                        }
                                        if (valid8) {
                                          if (data17.url !== void 0) {
                                            let data19 = data17.url;
                                            const _errs47 = errors;
                                            if (errors === _errs47) {
                                              if (typeof data19 === "string") {
                                                if (data19.length > 2048 && func2(data19) > 2048) {
                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data19 }];
                                                  return false;
                                                } else {
                                                  if (!pattern9.test(data19)) {
                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/pattern", keyword: "pattern", params: { pattern: "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$" }, message: 'must match pattern "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$"', schema: "^(?:(?:https?|file|oci)://[^\\s\\p{Cc}]+|oci(?:-archive)?:/(?!/)[^\\p{Cc}]+)$", parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data19 }];
                                                    return false;
                                                  }
                                                }
                                              } else {
                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.url.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data19 }];
                                                return false;
                                              }
                                            }
                                            var valid8 = _errs47 === errors;
                                          } else {
                                            var valid8 = true;
                                          }
                                          if (valid8) {
                                            if (data17.bundle !== void 0) {
                                              let data20 = data17.bundle;
                                              const _errs49 = errors;
                                              if (errors === _errs49) {
                                                if (typeof data20 === "string") {
                                                  if (data20.length > 4096 && func2(data20) > 4096) {
                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/bundle", schemaPath: "#/properties/repositories/additionalProperties/properties/bundle/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.repositories.additionalProperties.properties.bundle, data: data20 }];
                                                    return false;
                                                  } else {
                                                    if (!pattern10.test(data20)) {
                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/bundle", schemaPath: "#/properties/repositories/additionalProperties/properties/bundle/pattern", keyword: "pattern", params: { pattern: "^(?:/[^\\p{Cc}]*|[^\\s/\\p{Cc}]+/[^\\s\\p{Cc}]+[:@][\\w.:-]+)$" }, message: 'must match pattern "^(?:/[^\\p{Cc}]*|[^\\s/\\p{Cc}]+/[^\\s\\p{Cc}]+[:@][\\w.:-]+)$"', schema: "^(?:/[^\\p{Cc}]*|[^\\s/\\p{Cc}]+/[^\\s\\p{Cc}]+[:@][\\w.:-]+)$", parentSchema: schema19.properties.repositories.additionalProperties.properties.bundle, data: data20 }];
                                                      return false;
                                                    }
                                                  }
                                                } else {
                                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/bundle", schemaPath: "#/properties/repositories/additionalProperties/properties/bundle/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.bundle.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.bundle, data: data20 }];
                                                  return false;
                                                }
                                              }
                                              var valid8 = _errs49 === errors;
                                            } else {
                                              var valid8 = true;
                                            }
                                            if (valid8) {
                                              if (data17.keys !== void 0) {
                                                let data21 = data17.keys;
                                                const _errs51 = errors;
                                                if (errors === _errs51) {
                                                  if (Array.isArray(data21)) {
                                                    if (data21.length > 16) {
                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys", schemaPath: "#/properties/repositories/additionalProperties/properties/keys/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys, data: data21 }];
                                                      return false;
                                                    } else {
                                                      var valid9 = true;
                                                      const len0 = data21.length;
                                                      for (let i0 = 0; i0 < len0; i0++) {
                                                        let data22 = data21[i0];
                                                        const _errs53 = errors;
                                                        if (errors === _errs53) {
                                                          if (typeof data22 === "string") {
                                                            if (data22.length > 1024 && func2(data22) > 1024) {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys/" + i0, schemaPath: "#/properties/repositories/additionalProperties/properties/keys/items/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys.items, data: data22 }];
                                                              return false;
                                                            } else {
                                                              if (data22.length < 2 && func2(data22) < 1) {
                                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys/" + i0, schemaPath: "#/properties/repositories/additionalProperties/properties/keys/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys.items, data: data22 }];
                                                                return false;
                                                              }
                                                            }
                                                          } else {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys/" + i0, schemaPath: "#/properties/repositories/additionalProperties/properties/keys/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.keys.items.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys.items, data: data22 }];
                                                            return false;
                                                          }
                                                        }
                                                        var valid9 = _errs53 === errors;
                                                        if (!valid9) {
                                                          break;
                                                        }
                                                      }
                                                    }
                                                  } else {
                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/keys", schemaPath: "#/properties/repositories/additionalProperties/properties/keys/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.repositories.additionalProperties.properties.keys.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.keys, data: data21 }];
                                                    return false;
                                                  }
                                                }
                                                var valid8 = _errs51 === errors;
                                              } else {
                                                var valid8 = true;
                                              }
                                              if (valid8) {
                                                if (data17.threshold !== void 0) {
                                                  let data23 = data17.threshold;
                                                  const _errs55 = errors;
                                                  if (!(typeof data23 == "number" && (!(data23 % 1) && !isNaN(data23)) && isFinite(data23))) {
                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/threshold", schemaPath: "#/properties/repositories/additionalProperties/properties/threshold/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema19.properties.repositories.additionalProperties.properties.threshold.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.threshold, data: data23 }];
                                                    return false;
                                                  }
                                                  if (errors === _errs55) {
                                                    if (typeof data23 == "number" && isFinite(data23)) {
                                                      if (data23 > 16 || isNaN(data23)) {
                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/threshold", schemaPath: "#/properties/repositories/additionalProperties/properties/threshold/maximum", keyword: "maximum", params: { comparison: "<=", limit: 16 }, message: "must be <= 16", schema: 16, parentSchema: schema19.properties.repositories.additionalProperties.properties.threshold, data: data23 }];
                                                        return false;
                                                      } else {
                                                        if (data23 < 1 || isNaN(data23)) {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/threshold", schemaPath: "#/properties/repositories/additionalProperties/properties/threshold/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.threshold, data: data23 }];
                                                          return false;
                                                        }
                                                      }
                                                    }
                                                  }
                                                  var valid8 = _errs55 === errors;
                                                } else {
                                                  var valid8 = true;
                                                }
                                                if (valid8) {
                                                  if (data17.require !== void 0) {
                                                    let data24 = data17.require;
                                                    const _errs57 = errors;
                                                    if (errors === _errs57) {
                                                      if (Array.isArray(data24)) {
                                                        if (data24.length > 4) {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/require", schemaPath: "#/properties/repositories/additionalProperties/properties/require/maxItems", keyword: "maxItems", params: { limit: 4 }, message: "must NOT have more than 4 items", schema: 4, parentSchema: schema19.properties.repositories.additionalProperties.properties.require, data: data24 }];
                                                          return false;
                                                        } else {
                                                          var valid10 = true;
                                                          const len1 = data24.length;
                                                          for (let i1 = 0; i1 < len1; i1++) {
                                                            let data25 = data24[i1];
                                                            const _errs59 = errors;
                                                            if (!(data25 === "digest" || data25 === "checksum" || data25 === "signature" || data25 === "provenance")) {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/require/" + i1, schemaPath: "#/properties/repositories/additionalProperties/properties/require/items/enum", keyword: "enum", params: { allowedValues: schema19.properties.repositories.additionalProperties.properties.require.items.enum }, message: "must be equal to one of the allowed values", schema: schema19.properties.repositories.additionalProperties.properties.require.items.enum, parentSchema: schema19.properties.repositories.additionalProperties.properties.require.items, data: data25 }];
                                                              return false;
                                                            }
                                                            var valid10 = _errs59 === errors;
                                                            if (!valid10) {
                                                              break;
                                                            }
                                                          }
                                                          if (valid10) {
                                                            let i2 = data24.length;
                                                            let j0;
                                                            if (i2 > 1) {
                                                              outer0:
                                                                for (; i2--; ) {
                                                                  for (j0 = i2; j0--; ) {
                                                                    if (func0(data24[i2], data24[j0])) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/require", schemaPath: "#/properties/repositories/additionalProperties/properties/require/uniqueItems", keyword: "uniqueItems", params: { i: i2, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i2 + " are identical)", schema: true, parentSchema: schema19.properties.repositories.additionalProperties.properties.require, data: data24 }];
                                                                      return false;
                                                                      break outer0;
                                                                    }
                                                                  }
                                                                }
                                                            }
                                                          }
                                                        }
                                                      } else {
                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/require", schemaPath: "#/properties/repositories/additionalProperties/properties/require/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.repositories.additionalProperties.properties.require.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.require, data: data24 }];
                                                        return false;
                                                      }
                                                    }
                                                    var valid8 = _errs57 === errors;
                                                  } else {
                                                    var valid8 = true;
                                                  }
                                                  if (valid8) {
                                                    if (data17.provenance !== void 0) {
                                                      let data26 = data17.provenance;
                                                      const _errs60 = errors;
                                                      if (errors === _errs60) {
                                                        if (data26 && typeof data26 == "object" && !Array.isArray(data26)) {
                                                          let missing0;
                                                          if (data26.identity === void 0 && (missing0 = "identity") || data26.issuer === void 0 && (missing0 = "issuer")) {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema19.properties.repositories.additionalProperties.properties.provenance.required, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance, data: data26 }];
                                                            return false;
                                                          } else {
                                                            const _errs62 = errors;
                                                            for (const key9 in data26) {
                                                              if (!(key9 === "identity" || key9 === "issuer" || key9 === "trusted_root")) {
                                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key9 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance, data: data26 }];
                                                                return false;
                                                                break;
                                                              }
                                                            }
                                                            if (_errs62 === errors) {
                                                              if (data26.identity !== void 0) {
                                                                let data27 = data26.identity;
                                                                const _errs63 = errors;
                                                                if (errors === _errs63) {
                                                                  if (typeof data27 === "string") {
                                                                    if (data27.length > 2048 && func2(data27) > 2048) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/identity", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/identity/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity, data: data27 }];
                                                                      return false;
                                                                    } else {
                                                                      if (data27.length < 2 && func2(data27) < 1) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/identity", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/identity/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity, data: data27 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                  } else {
                                                                    validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/identity", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/identity/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.identity, data: data27 }];
                                                                    return false;
                                                                  }
                                                                }
                                                                var valid12 = _errs63 === errors;
                                                              } else {
                                                                var valid12 = true;
                                                              }
                                                              if (valid12) {
                                                                if (data26.issuer !== void 0) {
                                                                  let data28 = data26.issuer;
                                                                  const _errs65 = errors;
                                                                  if (errors === _errs65) {
                                                                    if (typeof data28 === "string") {
                                                                      if (data28.length > 2048 && func2(data28) > 2048) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/issuer", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/issuer/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer, data: data28 }];
                                                                        return false;
                                                                      } else {
                                                                        if (!pattern11.test(data28)) {
                                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/issuer", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/issuer/pattern", keyword: "pattern", params: { pattern: "^https://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https://[^\\s\\p{Cc}]+$"', schema: "^https://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer, data: data28 }];
                                                                          return false;
                                                                        }
                                                                      }
                                                                    } else {
                                                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/issuer", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/issuer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.issuer, data: data28 }];
                                                                      return false;
                                                                    }
                                                                  }
                                                                  var valid12 = _errs65 === errors;
                                                                } else {
                                                                  var valid12 = true;
                                                                }
                                                                if (valid12) {
                                                                  if (data26.trusted_root !== void 0) {
                                                                    let data29 = data26.trusted_root;
                                                                    const _errs67 = errors;
                                                                    if (errors === _errs67) {
                                                                      if (typeof data29 === "string") {
                                                                        if (data29.length > 4096 && func2(data29) > 4096) {
                                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/trusted_root", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/trusted_root/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root, data: data29 }];
                                                                          return false;
                                                                        } else {
                                                                          if (!pattern12.test(data29)) {
                                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/trusted_root", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/trusted_root/pattern", keyword: "pattern", params: { pattern: "^/[^\\p{Cc}]*$" }, message: 'must match pattern "^/[^\\p{Cc}]*$"', schema: "^/[^\\p{Cc}]*$", parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root, data: data29 }];
                                                                            return false;
                                                                          }
                                                                        }
                                                                      } else {
                                                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance/trusted_root", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/properties/trusted_root/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance.properties.trusted_root, data: data29 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                    var valid12 = _errs67 === errors;
                                                                  } else {
                                                                    var valid12 = true;
                                                                  }
                                                                }
                                                              }
                                                            }
                                                          }
                                                        } else {
                                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/provenance", schemaPath: "#/properties/repositories/additionalProperties/properties/provenance/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.additionalProperties.properties.provenance.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.provenance, data: data26 }];
                                                          return false;
                                                        }
                                                      }
                                                      var valid8 = _errs60 === errors;
                                                    } else {
                                                      var valid8 = true;
                                                    }
                                                    if (valid8) {
                                                      if (data17.prefix !== void 0) {
                                                        let data30 = data17.prefix;
                                                        const _errs69 = errors;
                                                        if (errors === _errs69) {
                                                          if (typeof data30 === "string") {
                                                            if (data30.length > 1024 && func2(data30) > 1024) {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/properties/repositories/additionalProperties/properties/prefix/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.repositories.additionalProperties.properties.prefix, data: data30 }];
                                                              return false;
                                                            } else {
                                                              if (!pattern13.test(data30)) {
                                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/properties/repositories/additionalProperties/properties/prefix/pattern", keyword: "pattern", params: { pattern: "^~?/[^\\p{Cc}]+$" }, message: 'must match pattern "^~?/[^\\p{Cc}]+$"', schema: "^~?/[^\\p{Cc}]+$", parentSchema: schema19.properties.repositories.additionalProperties.properties.prefix, data: data30 }];
                                                                return false;
                                                              }
                                                            }
                                                          } else {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/properties/repositories/additionalProperties/properties/prefix/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.prefix.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.prefix, data: data30 }];
                                                            return false;
                                                          }
                                                        }
                                                        var valid8 = _errs69 === errors;
                                                      } else {
                                                        var valid8 = true;
                                                      }
                                                      if (valid8) {
                                                        if (data17.enabled !== void 0) {
                                                          let data31 = data17.enabled;
                                                          const _errs71 = errors;
                                                          if (typeof data31 !== "boolean") {
                                                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/enabled", schemaPath: "#/properties/repositories/additionalProperties/properties/enabled/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.repositories.additionalProperties.properties.enabled.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.enabled, data: data31 }];
                                                            return false;
                                                          }
                                                          var valid8 = _errs71 === errors;
                                                        } else {
                                                          var valid8 = true;
                                                        }
                                                        if (valid8) {
                                                          if (data17.allow_legacy_signatures !== void 0) {
                                                            let data32 = data17.allow_legacy_signatures;
                                                            const _errs73 = errors;
                                                            if (typeof data32 !== "boolean") {
                                                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/allow_legacy_signatures", schemaPath: "#/properties/repositories/additionalProperties/properties/allow_legacy_signatures/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.repositories.additionalProperties.properties.allow_legacy_signatures.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.allow_legacy_signatures, data: data32 }];
                                                              return false;
                                                            }
                                                            var valid8 = _errs73 === errors;
                                                          } else {
                                                            var valid8 = true;
                                                          }
                                                          if (valid8) {
                                                            if (data17.signed_index !== void 0) {
                                                              let data33 = data17.signed_index;
                                                              const _errs75 = errors;
                                                              if (typeof data33 !== "boolean") {
                                                                validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/signed_index", schemaPath: "#/properties/repositories/additionalProperties/properties/signed_index/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.repositories.additionalProperties.properties.signed_index.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.signed_index, data: data33 }];
                                                                return false;
                                                              }
                                                              var valid8 = _errs75 === errors;
                                                            } else {
                                                              var valid8 = true;
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
                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.additionalProperties.type, parentSchema: schema19.properties.repositories.additionalProperties, data: data17 }];
                                      return false;
                                    }
                                  }
                                  var valid7 = _errs43 === errors;
                                  if (!valid7) {
                                    break;
                                  }
                                }
                              }
                            } else {
                              validate52.errors = [{ instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.type, parentSchema: schema19.properties.repositories, data: data16 }];
                              return false;
                            }
                          }
                          var valid0 = _errs39 === errors;
                        } else {
                          var valid0 = true;
                        }
                        if (valid0) {
                          if (data.registries !== void 0) {
                            let data34 = data.registries;
                            const _errs77 = errors;
                            if (errors === _errs77) {
                              if (data34 && typeof data34 == "object" && !Array.isArray(data34)) {
                                for (const key10 in data34) {
                                  const _errs79 = errors;
                                  if (typeof key10 === "string") {
                                    if (key10.length > 255 && func2(key10) > 255) {
                                      const err4 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters", schema: 255, parentSchema: schema19.properties.registries.propertyNames, data: key10, propertyName: key10 };
                                      if (vErrors === null) {
                                        vErrors = [err4];
                                      } else {
                                        vErrors.push(err4);
                                      }
                                      errors++;
                                    } else {
                                      if (key10.length < 2 && func2(key10) < 1) {
                                        const err5 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.registries.propertyNames, data: key10, propertyName: key10 };
                                        if (vErrors === null) {
                                          vErrors = [err5];
                                        } else {
                                          vErrors.push(err5);
                                        }
                                        errors++;
                                      } else {
                                        if (!pattern14.test(key10)) {
                                          const err6 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\s/]+$" }, message: 'must match pattern "^[^\\s/]+$"', schema: "^[^\\s/]+$", parentSchema: schema19.properties.registries.propertyNames, data: key10, propertyName: key10 };
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
                                  var valid13 = _errs79 === errors;
                                  if (!valid13) {
                                    const err7 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/propertyNames", keyword: "propertyNames", params: { propertyName: key10 }, message: "property name must be valid", schema: schema19.properties.registries.propertyNames, parentSchema: schema19.properties.registries, data: data34 };
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
                                if (valid13) {
                                  for (const key11 in data34) {
                                    let data35 = data34[key11];
                                    const _errs81 = errors;
                                    if (errors === _errs81) {
                                      if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
                                        const _errs83 = errors;
                                        for (const key12 in data35) {
                                          if (!(key12 === "mirrors" || key12 === "mirror_only" || key12 === "plain_http")) {
                                            validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/registries/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key12 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.registries.additionalProperties, data: data35 }];
                                            return false;
                                            break;
                                          }
                                        }
                                        if (_errs83 === errors) {
                                          if (data35.mirrors !== void 0) {
                                            let data36 = data35.mirrors;
                                            const _errs84 = errors;
                                            if (errors === _errs84) {
                                              if (Array.isArray(data36)) {
                                                if (data36.length > 16) {
                                                  validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors", schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors, data: data36 }];
                                                  return false;
                                                } else {
                                                  var valid16 = true;
                                                  const len2 = data36.length;
                                                  for (let i3 = 0; i3 < len2; i3++) {
                                                    let data37 = data36[i3];
                                                    const _errs86 = errors;
                                                    if (errors === _errs86) {
                                                      if (typeof data37 === "string") {
                                                        if (data37.length > 2048 && func2(data37) > 2048) {
                                                          validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors/" + i3, schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors.items, data: data37 }];
                                                          return false;
                                                        } else {
                                                          if (!pattern15.test(data37)) {
                                                            validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors/" + i3, schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/items/pattern", keyword: "pattern", params: { pattern: "^https?://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https?://[^\\s\\p{Cc}]+$"', schema: "^https?://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors.items, data: data37 }];
                                                            return false;
                                                          }
                                                        }
                                                      } else {
                                                        validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors/" + i3, schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.registries.additionalProperties.properties.mirrors.items.type, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors.items, data: data37 }];
                                                        return false;
                                                      }
                                                    }
                                                    var valid16 = _errs86 === errors;
                                                    if (!valid16) {
                                                      break;
                                                    }
                                                  }
                                                }
                                              } else {
                                                validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirrors", schemaPath: "#/properties/registries/additionalProperties/properties/mirrors/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.registries.additionalProperties.properties.mirrors.type, parentSchema: schema19.properties.registries.additionalProperties.properties.mirrors, data: data36 }];
                                                return false;
                                              }
                                            }
                                            var valid15 = _errs84 === errors;
                                          } else {
                                            var valid15 = true;
                                          }
                                          if (valid15) {
                                            if (data35.mirror_only !== void 0) {
                                              let data38 = data35.mirror_only;
                                              const _errs88 = errors;
                                              if (typeof data38 !== "boolean") {
                                                validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/mirror_only", schemaPath: "#/properties/registries/additionalProperties/properties/mirror_only/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.registries.additionalProperties.properties.mirror_only.type, parentSchema: schema19.properties.registries.additionalProperties.properties.mirror_only, data: data38 }];
                                                return false;
                                              }
                                              var valid15 = _errs88 === errors;
                                            } else {
                                              var valid15 = true;
                                            }
                                            if (valid15) {
                                              if (data35.plain_http !== void 0) {
                                                let data39 = data35.plain_http;
                                                const _errs90 = errors;
                                                if (typeof data39 !== "boolean") {
                                                  validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1") + "/plain_http", schemaPath: "#/properties/registries/additionalProperties/properties/plain_http/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.registries.additionalProperties.properties.plain_http.type, parentSchema: schema19.properties.registries.additionalProperties.properties.plain_http, data: data39 }];
                                                  return false;
                                                }
                                                var valid15 = _errs90 === errors;
                                              } else {
                                                var valid15 = true;
                                              }
                                            }
                                          }
                                        }
                                      } else {
                                        validate52.errors = [{ instancePath: instancePath + "/registries/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/registries/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.registries.additionalProperties.type, parentSchema: schema19.properties.registries.additionalProperties, data: data35 }];
                                        return false;
                                      }
                                    }
                                    var valid14 = _errs81 === errors;
                                    if (!valid14) {
                                      break;
                                    }
                                  }
                                }
                              } else {
                                validate52.errors = [{ instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.registries.type, parentSchema: schema19.properties.registries, data: data34 }];
                                return false;
                              }
                            }
                            var valid0 = _errs77 === errors;
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

function lazyPattern(source, flags) {
  let made;
  return { test: (text) => (made ??= new RegExp(source, flags)).test(text) };
}
