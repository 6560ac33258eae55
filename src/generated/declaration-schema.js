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
var validatePackages = validate52;
var schema19 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "PackagesFile", "description": "The file `packages.toml`, which `pkg apply` makes the profile match. Every key is optional; an unknown key is an error.", "type": "object", "additionalProperties": false, "properties": { "profile": { "description": "The profile that the file is for; without it, the one in use.", "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, "platforms": { "description": 'The platforms that `pkg lock` writes the lock file for, such as "linux/amd64" or "aarch64-linux"; without it, that of the machine.', "type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 16, "items": { "type": "string", "maxLength": 64 } }, "defaults": { "title": "DefaultsTable", "description": "What holds for every package that does not say otherwise, as soar writes it.", "type": "object", "additionalProperties": false, "properties": { "profile": { "description": "As `profile` above.", "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, "binary_only": { "description": "Of soar; it has no meaning here.", "type": "boolean" }, "install_patterns": { "description": "Of soar; it has no meaning here.", "type": "array", "items": { "type": "string" } } } }, "repositories": { "description": "The repositories that the packages are from, by name. They have to be configured so: the file adds none and trusts none.", "type": "object", "propertyNames": { "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "additionalProperties": { "title": "DeclaredRepository", "description": "One repository.", "type": "object", "additionalProperties": false, "required": ["url"], "properties": { "url": { "description": "The address of its index, as in `config.toml`.", "type": "string", "minLength": 1, "maxLength": 2048 } } } }, "packages": { "description": 'What is wanted, by name: a version, a range, or "*" for the newest; or a table.', "type": "object", "maxProperties": 4096, "propertyNames": { "minLength": 1, "maxLength": 512 }, "additionalProperties": { "title": "DeclaredPackage", "description": 'A version, a range such as "^8", or "*" for the newest; or a table.', "type": ["string", "object"], "maxLength": 256, "additionalProperties": false, "properties": { "version": { "description": 'A version, the beginning of one, a range, or "*" for the newest.', "type": "string", "minLength": 1, "maxLength": 256 }, "repository": { "description": "The repository that it is from.", "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "repo": { "description": "The same, as soar writes it.", "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "id": { "description": "Its id, where several packages have its name.", "type": "string", "minLength": 1, "maxLength": 256 }, "pkg_id": { "description": "The same, as soar writes it.", "type": "string", "minLength": 1, "maxLength": 256 }, "family": { "description": "Its family, where several packages have its name.", "type": "string", "minLength": 1, "maxLength": 128 }, "package": { "description": "Its name in its repository, where it is installed under another one.", "type": "string", "minLength": 1, "maxLength": 128 }, "reference": { "description": 'Where it lies, instead of a repository: a reference such as "ghcr.io/me/tools/trurl:8", or an OCI layout. A path begins at the directory of the file.', "type": "string", "minLength": 1, "maxLength": 1024 }, "key": { "description": "The publisher's minisign public key, for a reference.", "type": "string", "minLength": 1, "maxLength": 256 }, "programs": { "description": "Programs of a container image, by name or path.", "type": "array", "uniqueItems": true, "maxItems": 64, "items": { "type": "string", "minLength": 1, "maxLength": 1024 } }, "with_libraries": { "description": "Of a container image, whether its dynamic linker and libraries are placed beside the program.", "type": "boolean" }, "platforms": { "description": 'The platforms that it is wanted on, such as "linux/amd64"; without it, all.', "type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 16, "items": { "type": "string", "maxLength": 64 } }, "profile": { "description": "The profile that it is for; without it, that of the file.", "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, "pinned": { "description": "Whether `pkg update` leaves it as it is.", "type": "boolean" } }, "patternProperties": { "^(?:url|github|gitlab|asset_pattern|include_prerelease|tag_pattern|version_command|pkg_type|entrypoint|binaries|nested_extract|extract_root|hooks|build|sandbox|portable|install_patterns|binary_only|update)$": { "description": "Keys of soar that are not read. A package that names its source by one of them cannot be had, which is said." } } } } } };
var func1 = require_ucs2length().default;
var func11 = Object.prototype.hasOwnProperty;
var pattern3 = lazyPattern("^[A-Za-z0-9][A-Za-z0-9_.-]*$", "u");
var pattern5 = lazyPattern("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", "u");
var pattern6 = lazyPattern("^(?:url|github|gitlab|asset_pattern|include_prerelease|tag_pattern|version_command|pkg_type|entrypoint|binaries|nested_extract|extract_root|hooks|build|sandbox|portable|install_patterns|binary_only|update)$", "u");
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
        if (!(key0 === "profile" || key0 === "platforms" || key0 === "defaults" || key0 === "repositories" || key0 === "packages")) {
          validate52.errors = [{ instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19, data }];
          return false;
          break;
        }
      }
      if (_errs1 === errors) {
        if (data.profile !== void 0) {
          let data0 = data.profile;
          const _errs2 = errors;
          if (errors === _errs2) {
            if (typeof data0 === "string") {
              if (data0.length > 64 && func1(data0) > 64) {
                validate52.errors = [{ instancePath: instancePath + "/profile", schemaPath: "#/properties/profile/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.profile, data: data0 }];
                return false;
              } else {
                if (data0.length < 2 && func1(data0) < 1) {
                  validate52.errors = [{ instancePath: instancePath + "/profile", schemaPath: "#/properties/profile/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.profile, data: data0 }];
                  return false;
                } else {
                  if (!pattern3.test(data0)) {
                    validate52.errors = [{ instancePath: instancePath + "/profile", schemaPath: "#/properties/profile/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]*$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]*$", parentSchema: schema19.properties.profile, data: data0 }];
                    return false;
                  }
                }
              }
            } else {
              validate52.errors = [{ instancePath: instancePath + "/profile", schemaPath: "#/properties/profile/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.profile.type, parentSchema: schema19.properties.profile, data: data0 }];
              return false;
            }
          }
          var valid0 = _errs2 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.platforms !== void 0) {
            let data1 = data.platforms;
            const _errs4 = errors;
            if (errors === _errs4) {
              if (Array.isArray(data1)) {
                if (data1.length > 16) {
                  validate52.errors = [{ instancePath: instancePath + "/platforms", schemaPath: "#/properties/platforms/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema19.properties.platforms, data: data1 }];
                  return false;
                } else {
                  if (data1.length < 1) {
                    validate52.errors = [{ instancePath: instancePath + "/platforms", schemaPath: "#/properties/platforms/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema19.properties.platforms, data: data1 }];
                    return false;
                  } else {
                    var valid1 = true;
                    const len0 = data1.length;
                    for (let i0 = 0; i0 < len0; i0++) {
                      let data2 = data1[i0];
                      const _errs6 = errors;
                      if (errors === _errs6) {
                        if (typeof data2 === "string") {
                          if (data2.length > 64 && func1(data2) > 64) {
                            validate52.errors = [{ instancePath: instancePath + "/platforms/" + i0, schemaPath: "#/properties/platforms/items/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.platforms.items, data: data2 }];
                            return false;
                          }
                        } else {
                          validate52.errors = [{ instancePath: instancePath + "/platforms/" + i0, schemaPath: "#/properties/platforms/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.platforms.items.type, parentSchema: schema19.properties.platforms.items, data: data2 }];
                          return false;
                        }
                      }
                      var valid1 = _errs6 === errors;
                      if (!valid1) {
                        break;
                      }
                    }
                    if (valid1) {
                      let i1 = data1.length;
                      let j0;
                      if (i1 > 1) {
                        const indices0 = {};
                        for (; i1--; ) {
                          let item0 = data1[i1];
                          if (typeof item0 !== "string") {
                            continue;
                          }
                          if (typeof indices0[item0] == "number") {
                            j0 = indices0[item0];
                            validate52.errors = [{ instancePath: instancePath + "/platforms", schemaPath: "#/properties/platforms/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)", schema: true, parentSchema: schema19.properties.platforms, data: data1 }];
                            return false;
                            break;
                          }
                          indices0[item0] = i1;
                        }
                      }
                    }
                  }
                }
              } else {
                validate52.errors = [{ instancePath: instancePath + "/platforms", schemaPath: "#/properties/platforms/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.platforms.type, parentSchema: schema19.properties.platforms, data: data1 }];
                return false;
              }
            }
            var valid0 = _errs4 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.defaults !== void 0) {
              let data3 = data.defaults;
              const _errs8 = errors;
              if (errors === _errs8) {
                if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
                  const _errs10 = errors;
                  for (const key1 in data3) {
                    if (!(key1 === "profile" || key1 === "binary_only" || key1 === "install_patterns")) {
                      validate52.errors = [{ instancePath: instancePath + "/defaults", schemaPath: "#/properties/defaults/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.defaults, data: data3 }];
                      return false;
                      break;
                    }
                  }
                  if (_errs10 === errors) {
                    if (data3.profile !== void 0) {
                      let data4 = data3.profile;
                      const _errs11 = errors;
                      if (errors === _errs11) {
                        if (typeof data4 === "string") {
                          if (data4.length > 64 && func1(data4) > 64) {
                            validate52.errors = [{ instancePath: instancePath + "/defaults/profile", schemaPath: "#/properties/defaults/properties/profile/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.defaults.properties.profile, data: data4 }];
                            return false;
                          } else {
                            if (data4.length < 2 && func1(data4) < 1) {
                              validate52.errors = [{ instancePath: instancePath + "/defaults/profile", schemaPath: "#/properties/defaults/properties/profile/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.defaults.properties.profile, data: data4 }];
                              return false;
                            } else {
                              if (!pattern3.test(data4)) {
                                validate52.errors = [{ instancePath: instancePath + "/defaults/profile", schemaPath: "#/properties/defaults/properties/profile/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]*$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]*$", parentSchema: schema19.properties.defaults.properties.profile, data: data4 }];
                                return false;
                              }
                            }
                          }
                        } else {
                          validate52.errors = [{ instancePath: instancePath + "/defaults/profile", schemaPath: "#/properties/defaults/properties/profile/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.defaults.properties.profile.type, parentSchema: schema19.properties.defaults.properties.profile, data: data4 }];
                          return false;
                        }
                      }
                      var valid3 = _errs11 === errors;
                    } else {
                      var valid3 = true;
                    }
                    if (valid3) {
                      if (data3.binary_only !== void 0) {
                        let data5 = data3.binary_only;
                        const _errs13 = errors;
                        if (typeof data5 !== "boolean") {
                          validate52.errors = [{ instancePath: instancePath + "/defaults/binary_only", schemaPath: "#/properties/defaults/properties/binary_only/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.defaults.properties.binary_only.type, parentSchema: schema19.properties.defaults.properties.binary_only, data: data5 }];
                          return false;
                        }
                        var valid3 = _errs13 === errors;
                      } else {
                        var valid3 = true;
                      }
                      if (valid3) {
                        if (data3.install_patterns !== void 0) {
                          let data6 = data3.install_patterns;
                          const _errs15 = errors;
                          if (errors === _errs15) {
                            if (Array.isArray(data6)) {
                              var valid4 = true;
                              const len1 = data6.length;
                              for (let i2 = 0; i2 < len1; i2++) {
                                let data7 = data6[i2];
                                const _errs17 = errors;
                                if (typeof data7 !== "string") {
                                  validate52.errors = [{ instancePath: instancePath + "/defaults/install_patterns/" + i2, schemaPath: "#/properties/defaults/properties/install_patterns/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.defaults.properties.install_patterns.items.type, parentSchema: schema19.properties.defaults.properties.install_patterns.items, data: data7 }];
                                  return false;
                                }
                                var valid4 = _errs17 === errors;
                                if (!valid4) {
                                  break;
                                }
                              }
                            } else {
                              validate52.errors = [{ instancePath: instancePath + "/defaults/install_patterns", schemaPath: "#/properties/defaults/properties/install_patterns/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.defaults.properties.install_patterns.type, parentSchema: schema19.properties.defaults.properties.install_patterns, data: data6 }];
                              return false;
                            }
                          }
                          var valid3 = _errs15 === errors;
                        } else {
                          var valid3 = true;
                        }
                      }
                    }
                  }
                } else {
                  validate52.errors = [{ instancePath: instancePath + "/defaults", schemaPath: "#/properties/defaults/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.defaults.type, parentSchema: schema19.properties.defaults, data: data3 }];
                  return false;
                }
              }
              var valid0 = _errs8 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.repositories !== void 0) {
                let data8 = data.repositories;
                const _errs19 = errors;
                if (errors === _errs19) {
                  if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
                    for (const key2 in data8) {
                      const _errs21 = errors;
                      if (typeof key2 === "string") {
                        if (!pattern5.test(key2)) {
                          const err0 = { instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", parentSchema: schema19.properties.repositories.propertyNames, data: key2, propertyName: key2 };
                          if (vErrors === null) {
                            vErrors = [err0];
                          } else {
                            vErrors.push(err0);
                          }
                          errors++;
                        }
                      }
                      var valid5 = _errs21 === errors;
                      if (!valid5) {
                        const err1 = { instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/propertyNames", keyword: "propertyNames", params: { propertyName: key2 }, message: "property name must be valid", schema: schema19.properties.repositories.propertyNames, parentSchema: schema19.properties.repositories, data: data8 };
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
                    if (valid5) {
                      for (const key3 in data8) {
                        let data9 = data8[key3];
                        const _errs23 = errors;
                        if (errors === _errs23) {
                          if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
                            let missing0;
                            if (data9.url === void 0 && (missing0 = "url")) {
                              validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema19.properties.repositories.additionalProperties.required, parentSchema: schema19.properties.repositories.additionalProperties, data: data9 }];
                              return false;
                            } else {
                              const _errs25 = errors;
                              for (const key4 in data9) {
                                if (!(key4 === "url")) {
                                  validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.repositories.additionalProperties, data: data9 }];
                                  return false;
                                  break;
                                }
                              }
                              if (_errs25 === errors) {
                                if (data9.url !== void 0) {
                                  let data10 = data9.url;
                                  const _errs26 = errors;
                                  if (errors === _errs26) {
                                    if (typeof data10 === "string") {
                                      if (data10.length > 2048 && func1(data10) > 2048) {
                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data10 }];
                                        return false;
                                      } else {
                                        if (data10.length < 2 && func1(data10) < 1) {
                                          validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data10 }];
                                          return false;
                                        }
                                      }
                                    } else {
                                      validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.repositories.additionalProperties.properties.url.type, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data10 }];
                                      return false;
                                    }
                                  }
                                }
                              }
                            }
                          } else {
                            validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/repositories/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.additionalProperties.type, parentSchema: schema19.properties.repositories.additionalProperties, data: data9 }];
                            return false;
                          }
                        }
                        var valid6 = _errs23 === errors;
                        if (!valid6) {
                          break;
                        }
                      }
                    }
                  } else {
                    validate52.errors = [{ instancePath: instancePath + "/repositories", schemaPath: "#/properties/repositories/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.repositories.type, parentSchema: schema19.properties.repositories, data: data8 }];
                    return false;
                  }
                }
                var valid0 = _errs19 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.packages !== void 0) {
                  let data11 = data.packages;
                  const _errs28 = errors;
                  if (errors === _errs28) {
                    if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
                      if (Object.keys(data11).length > 4096) {
                        validate52.errors = [{ instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/maxProperties", keyword: "maxProperties", params: { limit: 4096 }, message: "must NOT have more than 4096 properties", schema: 4096, parentSchema: schema19.properties.packages, data: data11 }];
                        return false;
                      } else {
                        for (const key5 in data11) {
                          const _errs30 = errors;
                          if (typeof key5 === "string") {
                            if (key5.length > 512 && func1(key5) > 512) {
                              const err2 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema19.properties.packages.propertyNames, data: key5, propertyName: key5 };
                              if (vErrors === null) {
                                vErrors = [err2];
                              } else {
                                vErrors.push(err2);
                              }
                              errors++;
                            } else {
                              if (key5.length < 2 && func1(key5) < 1) {
                                const err3 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.propertyNames, data: key5, propertyName: key5 };
                                if (vErrors === null) {
                                  vErrors = [err3];
                                } else {
                                  vErrors.push(err3);
                                }
                                errors++;
                              }
                            }
                          }
                          var valid8 = _errs30 === errors;
                          if (!valid8) {
                            const err4 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames", keyword: "propertyNames", params: { propertyName: key5 }, message: "property name must be valid", schema: schema19.properties.packages.propertyNames, parentSchema: schema19.properties.packages, data: data11 };
                            if (vErrors === null) {
                              vErrors = [err4];
                            } else {
                              vErrors.push(err4);
                            }
                            errors++;
                            validate52.errors = vErrors;
                            return false;
                            break;
                          }
                        }
                        if (valid8) {
                          for (const key6 in data11) {
                            let data12 = data11[key6];
                            const _errs32 = errors;
                            if (typeof data12 !== "string" && !(data12 && typeof data12 == "object" && !Array.isArray(data12))) {
                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/type", keyword: "type", params: { type: schema19.properties.packages.additionalProperties.type }, message: "must be string,object", schema: schema19.properties.packages.additionalProperties.type, parentSchema: schema19.properties.packages.additionalProperties, data: data12 }];
                              return false;
                            }
                            if (errors === _errs32) {
                              if (typeof data12 === "string") {
                                if (data12.length > 256 && func1(data12) > 256) {
                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties, data: data12 }];
                                  return false;
                                }
                              }
                              if (errors === _errs32) {
                                if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
                                  const _errs34 = errors;
                                  for (const key7 in data12) {
                                    if (!(func11.call(schema19.properties.packages.additionalProperties.properties, key7) || pattern6.test(key7))) {
                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.packages.additionalProperties, data: data12 }];
                                      return false;
                                      break;
                                    }
                                  }
                                  if (_errs34 === errors) {
                                    if (data12.version !== void 0) {
                                      let data13 = data12.version;
                                      const _errs35 = errors;
                                      if (errors === _errs35) {
                                        if (typeof data13 === "string") {
                                          if (data13.length > 256 && func1(data13) > 256) {
                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/version", schemaPath: "#/properties/packages/additionalProperties/properties/version/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.version, data: data13 }];
                                            return false;
                                          } else {
                                            if (data13.length < 2 && func1(data13) < 1) {
                                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/version", schemaPath: "#/properties/packages/additionalProperties/properties/version/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.version, data: data13 }];
                                              return false;
                                            }
                                          }
                                        } else {
                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/version", schemaPath: "#/properties/packages/additionalProperties/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.version.type, parentSchema: schema19.properties.packages.additionalProperties.properties.version, data: data13 }];
                                          return false;
                                        }
                                      }
                                      var valid10 = _errs35 === errors;
                                    } else {
                                      var valid10 = true;
                                    }
                                    if (valid10) {
                                      if (data12.repository !== void 0) {
                                        let data14 = data12.repository;
                                        const _errs37 = errors;
                                        if (errors === _errs37) {
                                          if (typeof data14 === "string") {
                                            if (!pattern5.test(data14)) {
                                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/repository", schemaPath: "#/properties/packages/additionalProperties/properties/repository/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", parentSchema: schema19.properties.packages.additionalProperties.properties.repository, data: data14 }];
                                              return false;
                                            }
                                          } else {
                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/repository", schemaPath: "#/properties/packages/additionalProperties/properties/repository/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.repository.type, parentSchema: schema19.properties.packages.additionalProperties.properties.repository, data: data14 }];
                                            return false;
                                          }
                                        }
                                        var valid10 = _errs37 === errors;
                                      } else {
                                        var valid10 = true;
                                      }
                                      if (valid10) {
                                        if (data12.repo !== void 0) {
                                          let data15 = data12.repo;
                                          const _errs39 = errors;
                                          if (errors === _errs39) {
                                            if (typeof data15 === "string") {
                                              if (!pattern5.test(data15)) {
                                                validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/repo", schemaPath: "#/properties/packages/additionalProperties/properties/repo/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", parentSchema: schema19.properties.packages.additionalProperties.properties.repo, data: data15 }];
                                                return false;
                                              }
                                            } else {
                                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/repo", schemaPath: "#/properties/packages/additionalProperties/properties/repo/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.repo.type, parentSchema: schema19.properties.packages.additionalProperties.properties.repo, data: data15 }];
                                              return false;
                                            }
                                          }
                                          var valid10 = _errs39 === errors;
                                        } else {
                                          var valid10 = true;
                                        }
                                        if (valid10) {
                                          if (data12.id !== void 0) {
                                            let data16 = data12.id;
                                            const _errs41 = errors;
                                            if (errors === _errs41) {
                                              if (typeof data16 === "string") {
                                                if (data16.length > 256 && func1(data16) > 256) {
                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/id", schemaPath: "#/properties/packages/additionalProperties/properties/id/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.id, data: data16 }];
                                                  return false;
                                                } else {
                                                  if (data16.length < 2 && func1(data16) < 1) {
                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/id", schemaPath: "#/properties/packages/additionalProperties/properties/id/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.id, data: data16 }];
                                                    return false;
                                                  }
                                                }
                                              } else {
                                                validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/id", schemaPath: "#/properties/packages/additionalProperties/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.id.type, parentSchema: schema19.properties.packages.additionalProperties.properties.id, data: data16 }];
                                                return false;
                                              }
                                            }
                                            var valid10 = _errs41 === errors;
                                          } else {
                                            var valid10 = true;
                                          }
                                          if (valid10) {
                                            if (data12.pkg_id !== void 0) {
                                              let data17 = data12.pkg_id;
                                              const _errs43 = errors;
                                              if (errors === _errs43) {
                                                if (typeof data17 === "string") {
                                                  if (data17.length > 256 && func1(data17) > 256) {
                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/pkg_id", schemaPath: "#/properties/packages/additionalProperties/properties/pkg_id/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.pkg_id, data: data17 }];
                                                    return false;
                                                  } else {
                                                    if (data17.length < 2 && func1(data17) < 1) {
                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/pkg_id", schemaPath: "#/properties/packages/additionalProperties/properties/pkg_id/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.pkg_id, data: data17 }];
                                                      return false;
                                                    }
                                                  }
                                                } else {
                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/pkg_id", schemaPath: "#/properties/packages/additionalProperties/properties/pkg_id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.pkg_id.type, parentSchema: schema19.properties.packages.additionalProperties.properties.pkg_id, data: data17 }];
                                                  return false;
                                                }
                                              }
                                              var valid10 = _errs43 === errors;
                                            } else {
                                              var valid10 = true;
                                            }
                                            if (valid10) {
                                              if (data12.family !== void 0) {
                                                let data18 = data12.family;
                                                const _errs45 = errors;
                                                if (errors === _errs45) {
                                                  if (typeof data18 === "string") {
                                                    if (data18.length > 128 && func1(data18) > 128) {
                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/family", schemaPath: "#/properties/packages/additionalProperties/properties/family/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema19.properties.packages.additionalProperties.properties.family, data: data18 }];
                                                      return false;
                                                    } else {
                                                      if (data18.length < 2 && func1(data18) < 1) {
                                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/family", schemaPath: "#/properties/packages/additionalProperties/properties/family/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.family, data: data18 }];
                                                        return false;
                                                      }
                                                    }
                                                  } else {
                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/family", schemaPath: "#/properties/packages/additionalProperties/properties/family/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.family.type, parentSchema: schema19.properties.packages.additionalProperties.properties.family, data: data18 }];
                                                    return false;
                                                  }
                                                }
                                                var valid10 = _errs45 === errors;
                                              } else {
                                                var valid10 = true;
                                              }
                                              if (valid10) {
                                                if (data12.package !== void 0) {
                                                  let data19 = data12.package;
                                                  const _errs47 = errors;
                                                  if (errors === _errs47) {
                                                    if (typeof data19 === "string") {
                                                      if (data19.length > 128 && func1(data19) > 128) {
                                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/package", schemaPath: "#/properties/packages/additionalProperties/properties/package/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema19.properties.packages.additionalProperties.properties.package, data: data19 }];
                                                        return false;
                                                      } else {
                                                        if (data19.length < 2 && func1(data19) < 1) {
                                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/package", schemaPath: "#/properties/packages/additionalProperties/properties/package/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.package, data: data19 }];
                                                          return false;
                                                        }
                                                      }
                                                    } else {
                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/package", schemaPath: "#/properties/packages/additionalProperties/properties/package/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.package.type, parentSchema: schema19.properties.packages.additionalProperties.properties.package, data: data19 }];
                                                      return false;
                                                    }
                                                  }
                                                  var valid10 = _errs47 === errors;
                                                } else {
                                                  var valid10 = true;
                                                }
                                                if (valid10) {
                                                  if (data12.reference !== void 0) {
                                                    let data20 = data12.reference;
                                                    const _errs49 = errors;
                                                    if (errors === _errs49) {
                                                      if (typeof data20 === "string") {
                                                        if (data20.length > 1024 && func1(data20) > 1024) {
                                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/reference", schemaPath: "#/properties/packages/additionalProperties/properties/reference/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.packages.additionalProperties.properties.reference, data: data20 }];
                                                          return false;
                                                        } else {
                                                          if (data20.length < 2 && func1(data20) < 1) {
                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/reference", schemaPath: "#/properties/packages/additionalProperties/properties/reference/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.reference, data: data20 }];
                                                            return false;
                                                          }
                                                        }
                                                      } else {
                                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/reference", schemaPath: "#/properties/packages/additionalProperties/properties/reference/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.reference.type, parentSchema: schema19.properties.packages.additionalProperties.properties.reference, data: data20 }];
                                                        return false;
                                                      }
                                                    }
                                                    var valid10 = _errs49 === errors;
                                                  } else {
                                                    var valid10 = true;
                                                  }
                                                  if (valid10) {
                                                    if (data12.key !== void 0) {
                                                      let data21 = data12.key;
                                                      const _errs51 = errors;
                                                      if (errors === _errs51) {
                                                        if (typeof data21 === "string") {
                                                          if (data21.length > 256 && func1(data21) > 256) {
                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/key", schemaPath: "#/properties/packages/additionalProperties/properties/key/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.key, data: data21 }];
                                                            return false;
                                                          } else {
                                                            if (data21.length < 2 && func1(data21) < 1) {
                                                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/key", schemaPath: "#/properties/packages/additionalProperties/properties/key/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.key, data: data21 }];
                                                              return false;
                                                            }
                                                          }
                                                        } else {
                                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/key", schemaPath: "#/properties/packages/additionalProperties/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.key.type, parentSchema: schema19.properties.packages.additionalProperties.properties.key, data: data21 }];
                                                          return false;
                                                        }
                                                      }
                                                      var valid10 = _errs51 === errors;
                                                    } else {
                                                      var valid10 = true;
                                                    }
                                                    if (valid10) {
                                                      if (data12.programs !== void 0) {
                                                        let data22 = data12.programs;
                                                        const _errs53 = errors;
                                                        if (errors === _errs53) {
                                                          if (Array.isArray(data22)) {
                                                            if (data22.length > 64) {
                                                              validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs", schemaPath: "#/properties/packages/additionalProperties/properties/programs/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema19.properties.packages.additionalProperties.properties.programs, data: data22 }];
                                                              return false;
                                                            } else {
                                                              var valid11 = true;
                                                              const len2 = data22.length;
                                                              for (let i3 = 0; i3 < len2; i3++) {
                                                                let data23 = data22[i3];
                                                                const _errs55 = errors;
                                                                if (errors === _errs55) {
                                                                  if (typeof data23 === "string") {
                                                                    if (data23.length > 1024 && func1(data23) > 1024) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs/" + i3, schemaPath: "#/properties/packages/additionalProperties/properties/programs/items/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.packages.additionalProperties.properties.programs.items, data: data23 }];
                                                                      return false;
                                                                    } else {
                                                                      if (data23.length < 2 && func1(data23) < 1) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs/" + i3, schemaPath: "#/properties/packages/additionalProperties/properties/programs/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.programs.items, data: data23 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                  } else {
                                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs/" + i3, schemaPath: "#/properties/packages/additionalProperties/properties/programs/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.programs.items.type, parentSchema: schema19.properties.packages.additionalProperties.properties.programs.items, data: data23 }];
                                                                    return false;
                                                                  }
                                                                }
                                                                var valid11 = _errs55 === errors;
                                                                if (!valid11) {
                                                                  break;
                                                                }
                                                              }
                                                              if (valid11) {
                                                                let i4 = data22.length;
                                                                let j1;
                                                                if (i4 > 1) {
                                                                  const indices1 = {};
                                                                  for (; i4--; ) {
                                                                    let item1 = data22[i4];
                                                                    if (typeof item1 !== "string") {
                                                                      continue;
                                                                    }
                                                                    if (typeof indices1[item1] == "number") {
                                                                      j1 = indices1[item1];
                                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs", schemaPath: "#/properties/packages/additionalProperties/properties/programs/uniqueItems", keyword: "uniqueItems", params: { i: i4, j: j1 }, message: "must NOT have duplicate items (items ## " + j1 + " and " + i4 + " are identical)", schema: true, parentSchema: schema19.properties.packages.additionalProperties.properties.programs, data: data22 }];
                                                                      return false;
                                                                      break;
                                                                    }
                                                                    indices1[item1] = i4;
                                                                  }
                                                                }
                                                              }
                                                            }
                                                          } else {
                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs", schemaPath: "#/properties/packages/additionalProperties/properties/programs/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.packages.additionalProperties.properties.programs.type, parentSchema: schema19.properties.packages.additionalProperties.properties.programs, data: data22 }];
                                                            return false;
                                                          }
                                                        }
                                                        var valid10 = _errs53 === errors;
                                                      } else {
                                                        var valid10 = true;
                                                      }
                                                      if (valid10) {
                                                        if (data12.with_libraries !== void 0) {
                                                          let data24 = data12.with_libraries;
                                                          const _errs57 = errors;
                                                          if (typeof data24 !== "boolean") {
                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/with_libraries", schemaPath: "#/properties/packages/additionalProperties/properties/with_libraries/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.packages.additionalProperties.properties.with_libraries.type, parentSchema: schema19.properties.packages.additionalProperties.properties.with_libraries, data: data24 }];
                                                            return false;
                                                          }
                                                          var valid10 = _errs57 === errors;
                                                        } else {
                                                          var valid10 = true;
                                                        }
                                                        if (valid10) {
                                                          if (data12.platforms !== void 0) {
                                                            let data25 = data12.platforms;
                                                            const _errs59 = errors;
                                                            if (errors === _errs59) {
                                                              if (Array.isArray(data25)) {
                                                                if (data25.length > 16) {
                                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms", schemaPath: "#/properties/packages/additionalProperties/properties/platforms/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items", schema: 16, parentSchema: schema19.properties.packages.additionalProperties.properties.platforms, data: data25 }];
                                                                  return false;
                                                                } else {
                                                                  if (data25.length < 1) {
                                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms", schemaPath: "#/properties/packages/additionalProperties/properties/platforms/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.platforms, data: data25 }];
                                                                    return false;
                                                                  } else {
                                                                    var valid13 = true;
                                                                    const len3 = data25.length;
                                                                    for (let i5 = 0; i5 < len3; i5++) {
                                                                      let data26 = data25[i5];
                                                                      const _errs61 = errors;
                                                                      if (errors === _errs61) {
                                                                        if (typeof data26 === "string") {
                                                                          if (data26.length > 64 && func1(data26) > 64) {
                                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms/" + i5, schemaPath: "#/properties/packages/additionalProperties/properties/platforms/items/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.packages.additionalProperties.properties.platforms.items, data: data26 }];
                                                                            return false;
                                                                          }
                                                                        } else {
                                                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms/" + i5, schemaPath: "#/properties/packages/additionalProperties/properties/platforms/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.platforms.items.type, parentSchema: schema19.properties.packages.additionalProperties.properties.platforms.items, data: data26 }];
                                                                          return false;
                                                                        }
                                                                      }
                                                                      var valid13 = _errs61 === errors;
                                                                      if (!valid13) {
                                                                        break;
                                                                      }
                                                                    }
                                                                    if (valid13) {
                                                                      let i6 = data25.length;
                                                                      let j2;
                                                                      if (i6 > 1) {
                                                                        const indices2 = {};
                                                                        for (; i6--; ) {
                                                                          let item2 = data25[i6];
                                                                          if (typeof item2 !== "string") {
                                                                            continue;
                                                                          }
                                                                          if (typeof indices2[item2] == "number") {
                                                                            j2 = indices2[item2];
                                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms", schemaPath: "#/properties/packages/additionalProperties/properties/platforms/uniqueItems", keyword: "uniqueItems", params: { i: i6, j: j2 }, message: "must NOT have duplicate items (items ## " + j2 + " and " + i6 + " are identical)", schema: true, parentSchema: schema19.properties.packages.additionalProperties.properties.platforms, data: data25 }];
                                                                            return false;
                                                                            break;
                                                                          }
                                                                          indices2[item2] = i6;
                                                                        }
                                                                      }
                                                                    }
                                                                  }
                                                                }
                                                              } else {
                                                                validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms", schemaPath: "#/properties/packages/additionalProperties/properties/platforms/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.packages.additionalProperties.properties.platforms.type, parentSchema: schema19.properties.packages.additionalProperties.properties.platforms, data: data25 }];
                                                                return false;
                                                              }
                                                            }
                                                            var valid10 = _errs59 === errors;
                                                          } else {
                                                            var valid10 = true;
                                                          }
                                                          if (valid10) {
                                                            if (data12.profile !== void 0) {
                                                              let data27 = data12.profile;
                                                              const _errs63 = errors;
                                                              if (errors === _errs63) {
                                                                if (typeof data27 === "string") {
                                                                  if (data27.length > 64 && func1(data27) > 64) {
                                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/profile", schemaPath: "#/properties/packages/additionalProperties/properties/profile/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.packages.additionalProperties.properties.profile, data: data27 }];
                                                                    return false;
                                                                  } else {
                                                                    if (data27.length < 2 && func1(data27) < 1) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/profile", schemaPath: "#/properties/packages/additionalProperties/properties/profile/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.packages.additionalProperties.properties.profile, data: data27 }];
                                                                      return false;
                                                                    } else {
                                                                      if (!pattern3.test(data27)) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/profile", schemaPath: "#/properties/packages/additionalProperties/properties/profile/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]*$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]*$", parentSchema: schema19.properties.packages.additionalProperties.properties.profile, data: data27 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                  }
                                                                } else {
                                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/profile", schemaPath: "#/properties/packages/additionalProperties/properties/profile/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.packages.additionalProperties.properties.profile.type, parentSchema: schema19.properties.packages.additionalProperties.properties.profile, data: data27 }];
                                                                  return false;
                                                                }
                                                              }
                                                              var valid10 = _errs63 === errors;
                                                            } else {
                                                              var valid10 = true;
                                                            }
                                                            if (valid10) {
                                                              if (data12.pinned !== void 0) {
                                                                let data28 = data12.pinned;
                                                                const _errs65 = errors;
                                                                if (typeof data28 !== "boolean") {
                                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/pinned", schemaPath: "#/properties/packages/additionalProperties/properties/pinned/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema19.properties.packages.additionalProperties.properties.pinned.type, parentSchema: schema19.properties.packages.additionalProperties.properties.pinned, data: data28 }];
                                                                  return false;
                                                                }
                                                                var valid10 = _errs65 === errors;
                                                              } else {
                                                                var valid10 = true;
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
                            var valid9 = _errs32 === errors;
                            if (!valid9) {
                              break;
                            }
                          }
                        }
                      }
                    } else {
                      validate52.errors = [{ instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.packages.type, parentSchema: schema19.properties.packages, data: data11 }];
                      return false;
                    }
                  }
                  var valid0 = _errs28 === errors;
                } else {
                  var valid0 = true;
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
var validateLock = validate53;
var schema20 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "LockFile", "description": "The file `packages.lock`, which `pkg lock` writes and `pkg apply --locked` installs: TOML, its packages sorted by name and platform, the same for the same content.", "type": "object", "additionalProperties": false, "required": ["version"], "properties": { "version": { "description": "The version of this format.", "const": 1 }, "package": { "description": "What is locked.", "type": "array", "items": { "title": "LockedPackage", "description": "One package, for one platform.", "type": "object", "additionalProperties": false, "properties": { "name": { "description": "What it is installed as.", "type": "string", "minLength": 1, "maxLength": 256 }, "platform": { "description": "The machine that it is for, such as `x86_64-linux`.", "type": "string", "minLength": 1, "maxLength": 64 }, "version": { "$ref": "common.schema.json#/$defs/version", "description": "Its version." }, "requested": { "description": "What `packages.toml` says, as `install` takes it; absent for what others need.", "type": "string", "minLength": 1, "maxLength": 1024 }, "package": { "description": "Its name in its repository, where it is installed under another one.", "type": "string", "minLength": 1, "maxLength": 128 }, "pinned": { "description": "True where `packages.toml` pins it.", "const": true }, "repository": { "description": "The repository of the config that it is from, whose policy holds for it; absent for a reference.", "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "serial": { "description": "The serial of the index that named it; absent where that has none.", "type": "integer", "minimum": 0 }, "id": { "description": "Its id, or the place of a reference; may be empty.", "type": "string", "maxLength": 1024 }, "family": { "description": "Its family.", "type": "string", "maxLength": 256 }, "type": { "description": "Its type.", "type": "string", "maxLength": 64 }, "kind": { "description": "Where its bytes are: a package in a registry or layout, an image there, a bottle there, or one file at an address.", "enum": ["artifact", "image", "bottle", "download"] }, "location": { "description": "The place with the digest of its manifest, or the address of the file.", "type": "string", "minLength": 1, "maxLength": 4096 }, "manifest": { "$ref": "common.schema.json#/$defs/digest", "description": "The digest of its manifest; absent where there is none." }, "blobs": { "description": "What is placed, or the archives it is in; the main one first.", "type": "array", "items": { "title": "LockedBlob", "description": "One blob.", "type": "object", "additionalProperties": false, "properties": { "title": { "description": "Its name.", "type": "string", "minLength": 1, "maxLength": 1024 }, "digest": { "$ref": "common.schema.json#/$defs/digest", "description": "Its digest." }, "size": { "description": "Bytes; absent where nobody says.", "type": "integer", "minimum": 0 } }, "required": ["title", "digest"] }, "maxItems": 4096 }, "blob_known": { "description": "True where the index names the main blob by its digest, so that it is fetched at once.", "type": "boolean" }, "blake3": { "description": "BLAKE3 of the main file, lower-case hex.", "type": "string", "pattern": "^[0-9a-f]{64}$" }, "require": { "description": "The checks that it had to pass when it was locked; those that the config demands are made too.", "type": "array", "items": { "enum": ["digest", "checksum", "signature", "facts", "provenance"] }, "uniqueItems": true }, "signer": { "description": "The minisign public key that signed it: no other one is accepted.", "type": "string", "maxLength": 256 }, "built_by": { "title": "LockedBuilder", "description": "Who had to have built it.", "type": "object", "additionalProperties": false, "properties": { "identity": { "description": "As in `config.toml`.", "type": "string", "maxLength": 2048 }, "issuer": { "description": "As in `config.toml`.", "type": "string", "maxLength": 2048 } }, "required": ["identity", "issuer"] }, "key": { "description": "The publisher's public key that was given for a reference.", "type": "string", "maxLength": 256 }, "signed_as": { "description": "The repository that its publisher signed it for.", "type": "string", "maxLength": 1024 }, "dependencies": { "description": "Names of the packages of the same platform that it needs.", "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": 256 }, "maxItems": 4096 }, "aliases": { "description": "Other names of it.", "type": "array", "items": { "type": "string", "maxLength": 2048 }, "maxItems": 4096 }, "provides": { "description": "Its programs, and the names that they are linked as.", "type": "array", "items": { "title": "LockedProgram", "description": "One program.", "type": "object", "additionalProperties": false, "properties": { "program": { "description": "The title of its file.", "type": "string", "maxLength": 1024 }, "links": { "description": "Names in the bin directory.", "type": "array", "items": { "type": "string", "maxLength": 2048 }, "maxItems": 4096 } }, "required": ["program", "links"] }, "maxItems": 4096 }, "files": { "description": "Titles of the files of the artifact, as the index has them.", "type": "array", "items": { "type": "string", "maxLength": 2048 }, "maxItems": 4096 }, "mapped": { "description": "What is taken of an archive, and where it is placed.", "type": "array", "items": { "title": "LockedFile", "description": "One file.", "type": "object", "additionalProperties": false, "properties": { "source": { "description": "Its path in the archive.", "type": "string", "maxLength": 4096, "pattern": "^[^\\p{Cc}\\p{Cf}]*$" }, "to": { "description": "Its path in the package.", "type": "string", "maxLength": 4096, "pattern": "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$" }, "aliases": { "description": "Further names.", "type": "array", "items": { "type": "string", "maxLength": 2048 }, "maxItems": 4096 } }, "required": ["source", "to", "aliases"] }, "maxItems": 4096 }, "programs": { "description": "Of an image, the programs that are wanted.", "type": "array", "items": { "type": "string", "maxLength": 2048 }, "maxItems": 64 }, "with_libraries": { "description": "Of an image, whether its libraries are placed too.", "type": "boolean" }, "keg": { "description": "Of a bottle, what its formula says, as JSON.", "type": "string", "maxLength": 262144 } }, "required": ["name", "platform", "version", "id", "kind", "location", "blobs", "require"] }, "maxItems": 65536 } } };
var func0 = require_equal().default;
var schema22 = { "description": "A version: any text without spaces.", "type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$" };
var pattern10 = lazyPattern("^[^\\s\\p{Cc}\\p{Cf}]+$", "u");
function validate55(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate55.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 256 && func1(data) > 256) {
        validate55.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema22, data }];
        return false;
      } else {
        if (data.length < 2 && func1(data) < 1) {
          validate55.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22, data }];
          return false;
        } else {
          if (!pattern10.test(data)) {
            validate55.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema22, data }];
            return false;
          }
        }
      }
    } else {
      validate55.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.type, parentSchema: schema22, data }];
      return false;
    }
  }
  validate55.errors = vErrors;
  return errors === 0;
}
validate55.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema23 = { "description": "A digest: algorithm and lower-case hex.", "type": "string", "pattern": "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" };
var pattern12 = lazyPattern("^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", "u");
function validate57(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate57.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (typeof data === "string") {
      if (!pattern12.test(data)) {
        validate57.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$" }, message: 'must match pattern "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$"', schema: "^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$", parentSchema: schema23, data }];
        return false;
      }
    } else {
      validate57.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.type, parentSchema: schema23, data }];
      return false;
    }
  }
  validate57.errors = vErrors;
  return errors === 0;
}
validate57.evaluated = { "dynamicProps": false, "dynamicItems": false };
var pattern13 = lazyPattern("^[0-9a-f]{64}$", "u");
var pattern14 = lazyPattern("^[^\\p{Cc}\\p{Cf}]*$", "u");
var pattern15 = lazyPattern("^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$", "u");
function validate53(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate53.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.version === void 0 && (missing0 = "version")) {
        validate53.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema20.required, parentSchema: schema20, data }];
        return false;
      } else {
        const _errs1 = errors;
        for (const key0 in data) {
          if (!(key0 === "version" || key0 === "package")) {
            validate53.errors = [{ instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20, data }];
            return false;
            break;
          }
        }
        if (_errs1 === errors) {
          if (data.version !== void 0) {
            let data0 = data.version;
            const _errs2 = errors;
            if (1 !== data0) {
              validate53.errors = [{ instancePath: instancePath + "/version", schemaPath: "#/properties/version/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant", schema: 1, parentSchema: schema20.properties.version, data: data0 }];
              return false;
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.package !== void 0) {
              let data1 = data.package;
              const _errs3 = errors;
              if (errors === _errs3) {
                if (Array.isArray(data1)) {
                  if (data1.length > 65536) {
                    validate53.errors = [{ instancePath: instancePath + "/package", schemaPath: "#/properties/package/maxItems", keyword: "maxItems", params: { limit: 65536 }, message: "must NOT have more than 65536 items", schema: 65536, parentSchema: schema20.properties.package, data: data1 }];
                    return false;
                  } else {
                    var valid1 = true;
                    const len0 = data1.length;
                    for (let i0 = 0; i0 < len0; i0++) {
                      let data2 = data1[i0];
                      const _errs5 = errors;
                      if (errors === _errs5) {
                        if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
                          let missing1;
                          if (data2.name === void 0 && (missing1 = "name") || data2.platform === void 0 && (missing1 = "platform") || data2.version === void 0 && (missing1 = "version") || data2.id === void 0 && (missing1 = "id") || data2.kind === void 0 && (missing1 = "kind") || data2.location === void 0 && (missing1 = "location") || data2.blobs === void 0 && (missing1 = "blobs") || data2.require === void 0 && (missing1 = "require")) {
                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0, schemaPath: "#/properties/package/items/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'", schema: schema20.properties.package.items.required, parentSchema: schema20.properties.package.items, data: data2 }];
                            return false;
                          } else {
                            const _errs7 = errors;
                            for (const key1 in data2) {
                              if (!func11.call(schema20.properties.package.items.properties, key1)) {
                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0, schemaPath: "#/properties/package/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.package.items, data: data2 }];
                                return false;
                                break;
                              }
                            }
                            if (_errs7 === errors) {
                              if (data2.name !== void 0) {
                                let data3 = data2.name;
                                const _errs8 = errors;
                                if (errors === _errs8) {
                                  if (typeof data3 === "string") {
                                    if (data3.length > 256 && func1(data3) > 256) {
                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/name", schemaPath: "#/properties/package/items/properties/name/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema20.properties.package.items.properties.name, data: data3 }];
                                      return false;
                                    } else {
                                      if (data3.length < 2 && func1(data3) < 1) {
                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/name", schemaPath: "#/properties/package/items/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.name, data: data3 }];
                                        return false;
                                      }
                                    }
                                  } else {
                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/name", schemaPath: "#/properties/package/items/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.name.type, parentSchema: schema20.properties.package.items.properties.name, data: data3 }];
                                    return false;
                                  }
                                }
                                var valid2 = _errs8 === errors;
                              } else {
                                var valid2 = true;
                              }
                              if (valid2) {
                                if (data2.platform !== void 0) {
                                  let data4 = data2.platform;
                                  const _errs10 = errors;
                                  if (errors === _errs10) {
                                    if (typeof data4 === "string") {
                                      if (data4.length > 64 && func1(data4) > 64) {
                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/platform", schemaPath: "#/properties/package/items/properties/platform/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema20.properties.package.items.properties.platform, data: data4 }];
                                        return false;
                                      } else {
                                        if (data4.length < 2 && func1(data4) < 1) {
                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/platform", schemaPath: "#/properties/package/items/properties/platform/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.platform, data: data4 }];
                                          return false;
                                        }
                                      }
                                    } else {
                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/platform", schemaPath: "#/properties/package/items/properties/platform/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.platform.type, parentSchema: schema20.properties.package.items.properties.platform, data: data4 }];
                                      return false;
                                    }
                                  }
                                  var valid2 = _errs10 === errors;
                                } else {
                                  var valid2 = true;
                                }
                                if (valid2) {
                                  if (data2.version !== void 0) {
                                    const _errs12 = errors;
                                    if (!validate55(data2.version, { instancePath: instancePath + "/package/" + i0 + "/version", parentData: data2, parentDataProperty: "version", rootData, dynamicAnchors })) {
                                      vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
                                      errors = vErrors.length;
                                    }
                                    var valid2 = _errs12 === errors;
                                  } else {
                                    var valid2 = true;
                                  }
                                  if (valid2) {
                                    if (data2.requested !== void 0) {
                                      let data6 = data2.requested;
                                      const _errs13 = errors;
                                      if (errors === _errs13) {
                                        if (typeof data6 === "string") {
                                          if (data6.length > 1024 && func1(data6) > 1024) {
                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/requested", schemaPath: "#/properties/package/items/properties/requested/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema20.properties.package.items.properties.requested, data: data6 }];
                                            return false;
                                          } else {
                                            if (data6.length < 2 && func1(data6) < 1) {
                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/requested", schemaPath: "#/properties/package/items/properties/requested/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.requested, data: data6 }];
                                              return false;
                                            }
                                          }
                                        } else {
                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/requested", schemaPath: "#/properties/package/items/properties/requested/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.requested.type, parentSchema: schema20.properties.package.items.properties.requested, data: data6 }];
                                          return false;
                                        }
                                      }
                                      var valid2 = _errs13 === errors;
                                    } else {
                                      var valid2 = true;
                                    }
                                    if (valid2) {
                                      if (data2.package !== void 0) {
                                        let data7 = data2.package;
                                        const _errs15 = errors;
                                        if (errors === _errs15) {
                                          if (typeof data7 === "string") {
                                            if (data7.length > 128 && func1(data7) > 128) {
                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/package", schemaPath: "#/properties/package/items/properties/package/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema20.properties.package.items.properties.package, data: data7 }];
                                              return false;
                                            } else {
                                              if (data7.length < 2 && func1(data7) < 1) {
                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/package", schemaPath: "#/properties/package/items/properties/package/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.package, data: data7 }];
                                                return false;
                                              }
                                            }
                                          } else {
                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/package", schemaPath: "#/properties/package/items/properties/package/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.package.type, parentSchema: schema20.properties.package.items.properties.package, data: data7 }];
                                            return false;
                                          }
                                        }
                                        var valid2 = _errs15 === errors;
                                      } else {
                                        var valid2 = true;
                                      }
                                      if (valid2) {
                                        if (data2.pinned !== void 0) {
                                          let data8 = data2.pinned;
                                          const _errs17 = errors;
                                          if (true !== data8) {
                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/pinned", schemaPath: "#/properties/package/items/properties/pinned/const", keyword: "const", params: { allowedValue: true }, message: "must be equal to constant", schema: true, parentSchema: schema20.properties.package.items.properties.pinned, data: data8 }];
                                            return false;
                                          }
                                          var valid2 = _errs17 === errors;
                                        } else {
                                          var valid2 = true;
                                        }
                                        if (valid2) {
                                          if (data2.repository !== void 0) {
                                            let data9 = data2.repository;
                                            const _errs18 = errors;
                                            if (errors === _errs18) {
                                              if (typeof data9 === "string") {
                                                if (!pattern5.test(data9)) {
                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/repository", schemaPath: "#/properties/package/items/properties/repository/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"', schema: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", parentSchema: schema20.properties.package.items.properties.repository, data: data9 }];
                                                  return false;
                                                }
                                              } else {
                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/repository", schemaPath: "#/properties/package/items/properties/repository/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.repository.type, parentSchema: schema20.properties.package.items.properties.repository, data: data9 }];
                                                return false;
                                              }
                                            }
                                            var valid2 = _errs18 === errors;
                                          } else {
                                            var valid2 = true;
                                          }
                                          if (valid2) {
                                            if (data2.serial !== void 0) {
                                              let data10 = data2.serial;
                                              const _errs20 = errors;
                                              if (!(typeof data10 == "number" && (!(data10 % 1) && !isNaN(data10)) && isFinite(data10))) {
                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/serial", schemaPath: "#/properties/package/items/properties/serial/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema20.properties.package.items.properties.serial.type, parentSchema: schema20.properties.package.items.properties.serial, data: data10 }];
                                                return false;
                                              }
                                              if (errors === _errs20) {
                                                if (typeof data10 == "number" && isFinite(data10)) {
                                                  if (data10 < 0 || isNaN(data10)) {
                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/serial", schemaPath: "#/properties/package/items/properties/serial/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema20.properties.package.items.properties.serial, data: data10 }];
                                                    return false;
                                                  }
                                                }
                                              }
                                              var valid2 = _errs20 === errors;
                                            } else {
                                              var valid2 = true;
                                            }
                                            if (valid2) {
                                              if (data2.id !== void 0) {
                                                let data11 = data2.id;
                                                const _errs22 = errors;
                                                if (errors === _errs22) {
                                                  if (typeof data11 === "string") {
                                                    if (data11.length > 1024 && func1(data11) > 1024) {
                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/id", schemaPath: "#/properties/package/items/properties/id/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema20.properties.package.items.properties.id, data: data11 }];
                                                      return false;
                                                    }
                                                  } else {
                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/id", schemaPath: "#/properties/package/items/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.id.type, parentSchema: schema20.properties.package.items.properties.id, data: data11 }];
                                                    return false;
                                                  }
                                                }
                                                var valid2 = _errs22 === errors;
                                              } else {
                                                var valid2 = true;
                                              }
                                              if (valid2) {
                                                if (data2.family !== void 0) {
                                                  let data12 = data2.family;
                                                  const _errs24 = errors;
                                                  if (errors === _errs24) {
                                                    if (typeof data12 === "string") {
                                                      if (data12.length > 256 && func1(data12) > 256) {
                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/family", schemaPath: "#/properties/package/items/properties/family/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema20.properties.package.items.properties.family, data: data12 }];
                                                        return false;
                                                      }
                                                    } else {
                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/family", schemaPath: "#/properties/package/items/properties/family/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.family.type, parentSchema: schema20.properties.package.items.properties.family, data: data12 }];
                                                      return false;
                                                    }
                                                  }
                                                  var valid2 = _errs24 === errors;
                                                } else {
                                                  var valid2 = true;
                                                }
                                                if (valid2) {
                                                  if (data2.type !== void 0) {
                                                    let data13 = data2.type;
                                                    const _errs26 = errors;
                                                    if (errors === _errs26) {
                                                      if (typeof data13 === "string") {
                                                        if (data13.length > 64 && func1(data13) > 64) {
                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/type", schemaPath: "#/properties/package/items/properties/type/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema20.properties.package.items.properties.type, data: data13 }];
                                                          return false;
                                                        }
                                                      } else {
                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/type", schemaPath: "#/properties/package/items/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.type.type, parentSchema: schema20.properties.package.items.properties.type, data: data13 }];
                                                        return false;
                                                      }
                                                    }
                                                    var valid2 = _errs26 === errors;
                                                  } else {
                                                    var valid2 = true;
                                                  }
                                                  if (valid2) {
                                                    if (data2.kind !== void 0) {
                                                      let data14 = data2.kind;
                                                      const _errs28 = errors;
                                                      if (!(data14 === "artifact" || data14 === "image" || data14 === "bottle" || data14 === "download")) {
                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/kind", schemaPath: "#/properties/package/items/properties/kind/enum", keyword: "enum", params: { allowedValues: schema20.properties.package.items.properties.kind.enum }, message: "must be equal to one of the allowed values", schema: schema20.properties.package.items.properties.kind.enum, parentSchema: schema20.properties.package.items.properties.kind, data: data14 }];
                                                        return false;
                                                      }
                                                      var valid2 = _errs28 === errors;
                                                    } else {
                                                      var valid2 = true;
                                                    }
                                                    if (valid2) {
                                                      if (data2.location !== void 0) {
                                                        let data15 = data2.location;
                                                        const _errs29 = errors;
                                                        if (errors === _errs29) {
                                                          if (typeof data15 === "string") {
                                                            if (data15.length > 4096 && func1(data15) > 4096) {
                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/location", schemaPath: "#/properties/package/items/properties/location/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema20.properties.package.items.properties.location, data: data15 }];
                                                              return false;
                                                            } else {
                                                              if (data15.length < 2 && func1(data15) < 1) {
                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/location", schemaPath: "#/properties/package/items/properties/location/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.location, data: data15 }];
                                                                return false;
                                                              }
                                                            }
                                                          } else {
                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/location", schemaPath: "#/properties/package/items/properties/location/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.location.type, parentSchema: schema20.properties.package.items.properties.location, data: data15 }];
                                                            return false;
                                                          }
                                                        }
                                                        var valid2 = _errs29 === errors;
                                                      } else {
                                                        var valid2 = true;
                                                      }
                                                      if (valid2) {
                                                        if (data2.manifest !== void 0) {
                                                          const _errs31 = errors;
                                                          if (!validate57(data2.manifest, { instancePath: instancePath + "/package/" + i0 + "/manifest", parentData: data2, parentDataProperty: "manifest", rootData, dynamicAnchors })) {
                                                            vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
                                                            errors = vErrors.length;
                                                          }
                                                          var valid2 = _errs31 === errors;
                                                        } else {
                                                          var valid2 = true;
                                                        }
                                                        if (valid2) {
                                                          if (data2.blobs !== void 0) {
                                                            let data17 = data2.blobs;
                                                            const _errs32 = errors;
                                                            if (errors === _errs32) {
                                                              if (Array.isArray(data17)) {
                                                                if (data17.length > 4096) {
                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs", schemaPath: "#/properties/package/items/properties/blobs/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.blobs, data: data17 }];
                                                                  return false;
                                                                } else {
                                                                  var valid3 = true;
                                                                  const len1 = data17.length;
                                                                  for (let i1 = 0; i1 < len1; i1++) {
                                                                    let data18 = data17[i1];
                                                                    const _errs34 = errors;
                                                                    if (errors === _errs34) {
                                                                      if (data18 && typeof data18 == "object" && !Array.isArray(data18)) {
                                                                        let missing2;
                                                                        if (data18.title === void 0 && (missing2 = "title") || data18.digest === void 0 && (missing2 = "digest")) {
                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1, schemaPath: "#/properties/package/items/properties/blobs/items/required", keyword: "required", params: { missingProperty: missing2 }, message: "must have required property '" + missing2 + "'", schema: schema20.properties.package.items.properties.blobs.items.required, parentSchema: schema20.properties.package.items.properties.blobs.items, data: data18 }];
                                                                          return false;
                                                                        } else {
                                                                          const _errs36 = errors;
                                                                          for (const key2 in data18) {
                                                                            if (!(key2 === "title" || key2 === "digest" || key2 === "size")) {
                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1, schemaPath: "#/properties/package/items/properties/blobs/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.package.items.properties.blobs.items, data: data18 }];
                                                                              return false;
                                                                              break;
                                                                            }
                                                                          }
                                                                          if (_errs36 === errors) {
                                                                            if (data18.title !== void 0) {
                                                                              let data19 = data18.title;
                                                                              const _errs37 = errors;
                                                                              if (errors === _errs37) {
                                                                                if (typeof data19 === "string") {
                                                                                  if (data19.length > 1024 && func1(data19) > 1024) {
                                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1 + "/title", schemaPath: "#/properties/package/items/properties/blobs/items/properties/title/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema20.properties.package.items.properties.blobs.items.properties.title, data: data19 }];
                                                                                    return false;
                                                                                  } else {
                                                                                    if (data19.length < 2 && func1(data19) < 1) {
                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1 + "/title", schemaPath: "#/properties/package/items/properties/blobs/items/properties/title/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.blobs.items.properties.title, data: data19 }];
                                                                                      return false;
                                                                                    }
                                                                                  }
                                                                                } else {
                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1 + "/title", schemaPath: "#/properties/package/items/properties/blobs/items/properties/title/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.blobs.items.properties.title.type, parentSchema: schema20.properties.package.items.properties.blobs.items.properties.title, data: data19 }];
                                                                                  return false;
                                                                                }
                                                                              }
                                                                              var valid4 = _errs37 === errors;
                                                                            } else {
                                                                              var valid4 = true;
                                                                            }
                                                                            if (valid4) {
                                                                              if (data18.digest !== void 0) {
                                                                                const _errs39 = errors;
                                                                                if (!validate57(data18.digest, { instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1 + "/digest", parentData: data18, parentDataProperty: "digest", rootData, dynamicAnchors })) {
                                                                                  vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
                                                                                  errors = vErrors.length;
                                                                                }
                                                                                var valid4 = _errs39 === errors;
                                                                              } else {
                                                                                var valid4 = true;
                                                                              }
                                                                              if (valid4) {
                                                                                if (data18.size !== void 0) {
                                                                                  let data21 = data18.size;
                                                                                  const _errs40 = errors;
                                                                                  if (!(typeof data21 == "number" && (!(data21 % 1) && !isNaN(data21)) && isFinite(data21))) {
                                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1 + "/size", schemaPath: "#/properties/package/items/properties/blobs/items/properties/size/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema20.properties.package.items.properties.blobs.items.properties.size.type, parentSchema: schema20.properties.package.items.properties.blobs.items.properties.size, data: data21 }];
                                                                                    return false;
                                                                                  }
                                                                                  if (errors === _errs40) {
                                                                                    if (typeof data21 == "number" && isFinite(data21)) {
                                                                                      if (data21 < 0 || isNaN(data21)) {
                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1 + "/size", schemaPath: "#/properties/package/items/properties/blobs/items/properties/size/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema20.properties.package.items.properties.blobs.items.properties.size, data: data21 }];
                                                                                        return false;
                                                                                      }
                                                                                    }
                                                                                  }
                                                                                  var valid4 = _errs40 === errors;
                                                                                } else {
                                                                                  var valid4 = true;
                                                                                }
                                                                              }
                                                                            }
                                                                          }
                                                                        }
                                                                      } else {
                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs/" + i1, schemaPath: "#/properties/package/items/properties/blobs/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.package.items.properties.blobs.items.type, parentSchema: schema20.properties.package.items.properties.blobs.items, data: data18 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                    var valid3 = _errs34 === errors;
                                                                    if (!valid3) {
                                                                      break;
                                                                    }
                                                                  }
                                                                }
                                                              } else {
                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blobs", schemaPath: "#/properties/package/items/properties/blobs/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.blobs.type, parentSchema: schema20.properties.package.items.properties.blobs, data: data17 }];
                                                                return false;
                                                              }
                                                            }
                                                            var valid2 = _errs32 === errors;
                                                          } else {
                                                            var valid2 = true;
                                                          }
                                                          if (valid2) {
                                                            if (data2.blob_known !== void 0) {
                                                              let data22 = data2.blob_known;
                                                              const _errs42 = errors;
                                                              if (typeof data22 !== "boolean") {
                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blob_known", schemaPath: "#/properties/package/items/properties/blob_known/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema20.properties.package.items.properties.blob_known.type, parentSchema: schema20.properties.package.items.properties.blob_known, data: data22 }];
                                                                return false;
                                                              }
                                                              var valid2 = _errs42 === errors;
                                                            } else {
                                                              var valid2 = true;
                                                            }
                                                            if (valid2) {
                                                              if (data2.blake3 !== void 0) {
                                                                let data23 = data2.blake3;
                                                                const _errs44 = errors;
                                                                if (errors === _errs44) {
                                                                  if (typeof data23 === "string") {
                                                                    if (!pattern13.test(data23)) {
                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blake3", schemaPath: "#/properties/package/items/properties/blake3/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" }, message: 'must match pattern "^[0-9a-f]{64}$"', schema: "^[0-9a-f]{64}$", parentSchema: schema20.properties.package.items.properties.blake3, data: data23 }];
                                                                      return false;
                                                                    }
                                                                  } else {
                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/blake3", schemaPath: "#/properties/package/items/properties/blake3/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.blake3.type, parentSchema: schema20.properties.package.items.properties.blake3, data: data23 }];
                                                                    return false;
                                                                  }
                                                                }
                                                                var valid2 = _errs44 === errors;
                                                              } else {
                                                                var valid2 = true;
                                                              }
                                                              if (valid2) {
                                                                if (data2.require !== void 0) {
                                                                  let data24 = data2.require;
                                                                  const _errs46 = errors;
                                                                  if (errors === _errs46) {
                                                                    if (Array.isArray(data24)) {
                                                                      var valid5 = true;
                                                                      const len2 = data24.length;
                                                                      for (let i2 = 0; i2 < len2; i2++) {
                                                                        let data25 = data24[i2];
                                                                        const _errs48 = errors;
                                                                        if (!(data25 === "digest" || data25 === "checksum" || data25 === "signature" || data25 === "facts" || data25 === "provenance")) {
                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/require/" + i2, schemaPath: "#/properties/package/items/properties/require/items/enum", keyword: "enum", params: { allowedValues: schema20.properties.package.items.properties.require.items.enum }, message: "must be equal to one of the allowed values", schema: schema20.properties.package.items.properties.require.items.enum, parentSchema: schema20.properties.package.items.properties.require.items, data: data25 }];
                                                                          return false;
                                                                        }
                                                                        var valid5 = _errs48 === errors;
                                                                        if (!valid5) {
                                                                          break;
                                                                        }
                                                                      }
                                                                      if (valid5) {
                                                                        let i3 = data24.length;
                                                                        let j0;
                                                                        if (i3 > 1) {
                                                                          outer0:
                                                                            for (; i3--; ) {
                                                                              for (j0 = i3; j0--; ) {
                                                                                if (func0(data24[i3], data24[j0])) {
                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/require", schemaPath: "#/properties/package/items/properties/require/uniqueItems", keyword: "uniqueItems", params: { i: i3, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i3 + " are identical)", schema: true, parentSchema: schema20.properties.package.items.properties.require, data: data24 }];
                                                                                  return false;
                                                                                  break outer0;
                                                                                }
                                                                              }
                                                                            }
                                                                        }
                                                                      }
                                                                    } else {
                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/require", schemaPath: "#/properties/package/items/properties/require/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.require.type, parentSchema: schema20.properties.package.items.properties.require, data: data24 }];
                                                                      return false;
                                                                    }
                                                                  }
                                                                  var valid2 = _errs46 === errors;
                                                                } else {
                                                                  var valid2 = true;
                                                                }
                                                                if (valid2) {
                                                                  if (data2.signer !== void 0) {
                                                                    let data26 = data2.signer;
                                                                    const _errs49 = errors;
                                                                    if (errors === _errs49) {
                                                                      if (typeof data26 === "string") {
                                                                        if (data26.length > 256 && func1(data26) > 256) {
                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/signer", schemaPath: "#/properties/package/items/properties/signer/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema20.properties.package.items.properties.signer, data: data26 }];
                                                                          return false;
                                                                        }
                                                                      } else {
                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/signer", schemaPath: "#/properties/package/items/properties/signer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.signer.type, parentSchema: schema20.properties.package.items.properties.signer, data: data26 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                    var valid2 = _errs49 === errors;
                                                                  } else {
                                                                    var valid2 = true;
                                                                  }
                                                                  if (valid2) {
                                                                    if (data2.built_by !== void 0) {
                                                                      let data27 = data2.built_by;
                                                                      const _errs51 = errors;
                                                                      if (errors === _errs51) {
                                                                        if (data27 && typeof data27 == "object" && !Array.isArray(data27)) {
                                                                          let missing3;
                                                                          if (data27.identity === void 0 && (missing3 = "identity") || data27.issuer === void 0 && (missing3 = "issuer")) {
                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by", schemaPath: "#/properties/package/items/properties/built_by/required", keyword: "required", params: { missingProperty: missing3 }, message: "must have required property '" + missing3 + "'", schema: schema20.properties.package.items.properties.built_by.required, parentSchema: schema20.properties.package.items.properties.built_by, data: data27 }];
                                                                            return false;
                                                                          } else {
                                                                            const _errs53 = errors;
                                                                            for (const key3 in data27) {
                                                                              if (!(key3 === "identity" || key3 === "issuer")) {
                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by", schemaPath: "#/properties/package/items/properties/built_by/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.package.items.properties.built_by, data: data27 }];
                                                                                return false;
                                                                                break;
                                                                              }
                                                                            }
                                                                            if (_errs53 === errors) {
                                                                              if (data27.identity !== void 0) {
                                                                                let data28 = data27.identity;
                                                                                const _errs54 = errors;
                                                                                if (errors === _errs54) {
                                                                                  if (typeof data28 === "string") {
                                                                                    if (data28.length > 2048 && func1(data28) > 2048) {
                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by/identity", schemaPath: "#/properties/package/items/properties/built_by/properties/identity/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.built_by.properties.identity, data: data28 }];
                                                                                      return false;
                                                                                    }
                                                                                  } else {
                                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by/identity", schemaPath: "#/properties/package/items/properties/built_by/properties/identity/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.built_by.properties.identity.type, parentSchema: schema20.properties.package.items.properties.built_by.properties.identity, data: data28 }];
                                                                                    return false;
                                                                                  }
                                                                                }
                                                                                var valid7 = _errs54 === errors;
                                                                              } else {
                                                                                var valid7 = true;
                                                                              }
                                                                              if (valid7) {
                                                                                if (data27.issuer !== void 0) {
                                                                                  let data29 = data27.issuer;
                                                                                  const _errs56 = errors;
                                                                                  if (errors === _errs56) {
                                                                                    if (typeof data29 === "string") {
                                                                                      if (data29.length > 2048 && func1(data29) > 2048) {
                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by/issuer", schemaPath: "#/properties/package/items/properties/built_by/properties/issuer/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.built_by.properties.issuer, data: data29 }];
                                                                                        return false;
                                                                                      }
                                                                                    } else {
                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by/issuer", schemaPath: "#/properties/package/items/properties/built_by/properties/issuer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.built_by.properties.issuer.type, parentSchema: schema20.properties.package.items.properties.built_by.properties.issuer, data: data29 }];
                                                                                      return false;
                                                                                    }
                                                                                  }
                                                                                  var valid7 = _errs56 === errors;
                                                                                } else {
                                                                                  var valid7 = true;
                                                                                }
                                                                              }
                                                                            }
                                                                          }
                                                                        } else {
                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/built_by", schemaPath: "#/properties/package/items/properties/built_by/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.package.items.properties.built_by.type, parentSchema: schema20.properties.package.items.properties.built_by, data: data27 }];
                                                                          return false;
                                                                        }
                                                                      }
                                                                      var valid2 = _errs51 === errors;
                                                                    } else {
                                                                      var valid2 = true;
                                                                    }
                                                                    if (valid2) {
                                                                      if (data2.key !== void 0) {
                                                                        let data30 = data2.key;
                                                                        const _errs58 = errors;
                                                                        if (errors === _errs58) {
                                                                          if (typeof data30 === "string") {
                                                                            if (data30.length > 256 && func1(data30) > 256) {
                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/key", schemaPath: "#/properties/package/items/properties/key/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema20.properties.package.items.properties.key, data: data30 }];
                                                                              return false;
                                                                            }
                                                                          } else {
                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/key", schemaPath: "#/properties/package/items/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.key.type, parentSchema: schema20.properties.package.items.properties.key, data: data30 }];
                                                                            return false;
                                                                          }
                                                                        }
                                                                        var valid2 = _errs58 === errors;
                                                                      } else {
                                                                        var valid2 = true;
                                                                      }
                                                                      if (valid2) {
                                                                        if (data2.signed_as !== void 0) {
                                                                          let data31 = data2.signed_as;
                                                                          const _errs60 = errors;
                                                                          if (errors === _errs60) {
                                                                            if (typeof data31 === "string") {
                                                                              if (data31.length > 1024 && func1(data31) > 1024) {
                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/signed_as", schemaPath: "#/properties/package/items/properties/signed_as/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema20.properties.package.items.properties.signed_as, data: data31 }];
                                                                                return false;
                                                                              }
                                                                            } else {
                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/signed_as", schemaPath: "#/properties/package/items/properties/signed_as/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.signed_as.type, parentSchema: schema20.properties.package.items.properties.signed_as, data: data31 }];
                                                                              return false;
                                                                            }
                                                                          }
                                                                          var valid2 = _errs60 === errors;
                                                                        } else {
                                                                          var valid2 = true;
                                                                        }
                                                                        if (valid2) {
                                                                          if (data2.dependencies !== void 0) {
                                                                            let data32 = data2.dependencies;
                                                                            const _errs62 = errors;
                                                                            if (errors === _errs62) {
                                                                              if (Array.isArray(data32)) {
                                                                                if (data32.length > 4096) {
                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/dependencies", schemaPath: "#/properties/package/items/properties/dependencies/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.dependencies, data: data32 }];
                                                                                  return false;
                                                                                } else {
                                                                                  var valid8 = true;
                                                                                  const len3 = data32.length;
                                                                                  for (let i4 = 0; i4 < len3; i4++) {
                                                                                    let data33 = data32[i4];
                                                                                    const _errs64 = errors;
                                                                                    if (errors === _errs64) {
                                                                                      if (typeof data33 === "string") {
                                                                                        if (data33.length > 256 && func1(data33) > 256) {
                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/dependencies/" + i4, schemaPath: "#/properties/package/items/properties/dependencies/items/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema20.properties.package.items.properties.dependencies.items, data: data33 }];
                                                                                          return false;
                                                                                        } else {
                                                                                          if (data33.length < 2 && func1(data33) < 1) {
                                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/dependencies/" + i4, schemaPath: "#/properties/package/items/properties/dependencies/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema20.properties.package.items.properties.dependencies.items, data: data33 }];
                                                                                            return false;
                                                                                          }
                                                                                        }
                                                                                      } else {
                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/dependencies/" + i4, schemaPath: "#/properties/package/items/properties/dependencies/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.dependencies.items.type, parentSchema: schema20.properties.package.items.properties.dependencies.items, data: data33 }];
                                                                                        return false;
                                                                                      }
                                                                                    }
                                                                                    var valid8 = _errs64 === errors;
                                                                                    if (!valid8) {
                                                                                      break;
                                                                                    }
                                                                                  }
                                                                                }
                                                                              } else {
                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/dependencies", schemaPath: "#/properties/package/items/properties/dependencies/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.dependencies.type, parentSchema: schema20.properties.package.items.properties.dependencies, data: data32 }];
                                                                                return false;
                                                                              }
                                                                            }
                                                                            var valid2 = _errs62 === errors;
                                                                          } else {
                                                                            var valid2 = true;
                                                                          }
                                                                          if (valid2) {
                                                                            if (data2.aliases !== void 0) {
                                                                              let data34 = data2.aliases;
                                                                              const _errs66 = errors;
                                                                              if (errors === _errs66) {
                                                                                if (Array.isArray(data34)) {
                                                                                  if (data34.length > 4096) {
                                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/aliases", schemaPath: "#/properties/package/items/properties/aliases/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.aliases, data: data34 }];
                                                                                    return false;
                                                                                  } else {
                                                                                    var valid9 = true;
                                                                                    const len4 = data34.length;
                                                                                    for (let i5 = 0; i5 < len4; i5++) {
                                                                                      let data35 = data34[i5];
                                                                                      const _errs68 = errors;
                                                                                      if (errors === _errs68) {
                                                                                        if (typeof data35 === "string") {
                                                                                          if (data35.length > 2048 && func1(data35) > 2048) {
                                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/aliases/" + i5, schemaPath: "#/properties/package/items/properties/aliases/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.aliases.items, data: data35 }];
                                                                                            return false;
                                                                                          }
                                                                                        } else {
                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/aliases/" + i5, schemaPath: "#/properties/package/items/properties/aliases/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.aliases.items.type, parentSchema: schema20.properties.package.items.properties.aliases.items, data: data35 }];
                                                                                          return false;
                                                                                        }
                                                                                      }
                                                                                      var valid9 = _errs68 === errors;
                                                                                      if (!valid9) {
                                                                                        break;
                                                                                      }
                                                                                    }
                                                                                  }
                                                                                } else {
                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/aliases", schemaPath: "#/properties/package/items/properties/aliases/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.aliases.type, parentSchema: schema20.properties.package.items.properties.aliases, data: data34 }];
                                                                                  return false;
                                                                                }
                                                                              }
                                                                              var valid2 = _errs66 === errors;
                                                                            } else {
                                                                              var valid2 = true;
                                                                            }
                                                                            if (valid2) {
                                                                              if (data2.provides !== void 0) {
                                                                                let data36 = data2.provides;
                                                                                const _errs70 = errors;
                                                                                if (errors === _errs70) {
                                                                                  if (Array.isArray(data36)) {
                                                                                    if (data36.length > 4096) {
                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides", schemaPath: "#/properties/package/items/properties/provides/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.provides, data: data36 }];
                                                                                      return false;
                                                                                    } else {
                                                                                      var valid10 = true;
                                                                                      const len5 = data36.length;
                                                                                      for (let i6 = 0; i6 < len5; i6++) {
                                                                                        let data37 = data36[i6];
                                                                                        const _errs72 = errors;
                                                                                        if (errors === _errs72) {
                                                                                          if (data37 && typeof data37 == "object" && !Array.isArray(data37)) {
                                                                                            let missing4;
                                                                                            if (data37.program === void 0 && (missing4 = "program") || data37.links === void 0 && (missing4 = "links")) {
                                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6, schemaPath: "#/properties/package/items/properties/provides/items/required", keyword: "required", params: { missingProperty: missing4 }, message: "must have required property '" + missing4 + "'", schema: schema20.properties.package.items.properties.provides.items.required, parentSchema: schema20.properties.package.items.properties.provides.items, data: data37 }];
                                                                                              return false;
                                                                                            } else {
                                                                                              const _errs74 = errors;
                                                                                              for (const key4 in data37) {
                                                                                                if (!(key4 === "program" || key4 === "links")) {
                                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6, schemaPath: "#/properties/package/items/properties/provides/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.package.items.properties.provides.items, data: data37 }];
                                                                                                  return false;
                                                                                                  break;
                                                                                                }
                                                                                              }
                                                                                              if (_errs74 === errors) {
                                                                                                if (data37.program !== void 0) {
                                                                                                  let data38 = data37.program;
                                                                                                  const _errs75 = errors;
                                                                                                  if (errors === _errs75) {
                                                                                                    if (typeof data38 === "string") {
                                                                                                      if (data38.length > 1024 && func1(data38) > 1024) {
                                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6 + "/program", schemaPath: "#/properties/package/items/properties/provides/items/properties/program/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema20.properties.package.items.properties.provides.items.properties.program, data: data38 }];
                                                                                                        return false;
                                                                                                      }
                                                                                                    } else {
                                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6 + "/program", schemaPath: "#/properties/package/items/properties/provides/items/properties/program/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.provides.items.properties.program.type, parentSchema: schema20.properties.package.items.properties.provides.items.properties.program, data: data38 }];
                                                                                                      return false;
                                                                                                    }
                                                                                                  }
                                                                                                  var valid11 = _errs75 === errors;
                                                                                                } else {
                                                                                                  var valid11 = true;
                                                                                                }
                                                                                                if (valid11) {
                                                                                                  if (data37.links !== void 0) {
                                                                                                    let data39 = data37.links;
                                                                                                    const _errs77 = errors;
                                                                                                    if (errors === _errs77) {
                                                                                                      if (Array.isArray(data39)) {
                                                                                                        if (data39.length > 4096) {
                                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6 + "/links", schemaPath: "#/properties/package/items/properties/provides/items/properties/links/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.provides.items.properties.links, data: data39 }];
                                                                                                          return false;
                                                                                                        } else {
                                                                                                          var valid12 = true;
                                                                                                          const len6 = data39.length;
                                                                                                          for (let i7 = 0; i7 < len6; i7++) {
                                                                                                            let data40 = data39[i7];
                                                                                                            const _errs79 = errors;
                                                                                                            if (errors === _errs79) {
                                                                                                              if (typeof data40 === "string") {
                                                                                                                if (data40.length > 2048 && func1(data40) > 2048) {
                                                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6 + "/links/" + i7, schemaPath: "#/properties/package/items/properties/provides/items/properties/links/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.provides.items.properties.links.items, data: data40 }];
                                                                                                                  return false;
                                                                                                                }
                                                                                                              } else {
                                                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6 + "/links/" + i7, schemaPath: "#/properties/package/items/properties/provides/items/properties/links/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.provides.items.properties.links.items.type, parentSchema: schema20.properties.package.items.properties.provides.items.properties.links.items, data: data40 }];
                                                                                                                return false;
                                                                                                              }
                                                                                                            }
                                                                                                            var valid12 = _errs79 === errors;
                                                                                                            if (!valid12) {
                                                                                                              break;
                                                                                                            }
                                                                                                          }
                                                                                                        }
                                                                                                      } else {
                                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6 + "/links", schemaPath: "#/properties/package/items/properties/provides/items/properties/links/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.provides.items.properties.links.type, parentSchema: schema20.properties.package.items.properties.provides.items.properties.links, data: data39 }];
                                                                                                        return false;
                                                                                                      }
                                                                                                    }
                                                                                                    var valid11 = _errs77 === errors;
                                                                                                  } else {
                                                                                                    var valid11 = true;
                                                                                                  }
                                                                                                }
                                                                                              }
                                                                                            }
                                                                                          } else {
                                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides/" + i6, schemaPath: "#/properties/package/items/properties/provides/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.package.items.properties.provides.items.type, parentSchema: schema20.properties.package.items.properties.provides.items, data: data37 }];
                                                                                            return false;
                                                                                          }
                                                                                        }
                                                                                        var valid10 = _errs72 === errors;
                                                                                        if (!valid10) {
                                                                                          break;
                                                                                        }
                                                                                      }
                                                                                    }
                                                                                  } else {
                                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/provides", schemaPath: "#/properties/package/items/properties/provides/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.provides.type, parentSchema: schema20.properties.package.items.properties.provides, data: data36 }];
                                                                                    return false;
                                                                                  }
                                                                                }
                                                                                var valid2 = _errs70 === errors;
                                                                              } else {
                                                                                var valid2 = true;
                                                                              }
                                                                              if (valid2) {
                                                                                if (data2.files !== void 0) {
                                                                                  let data41 = data2.files;
                                                                                  const _errs81 = errors;
                                                                                  if (errors === _errs81) {
                                                                                    if (Array.isArray(data41)) {
                                                                                      if (data41.length > 4096) {
                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/files", schemaPath: "#/properties/package/items/properties/files/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.files, data: data41 }];
                                                                                        return false;
                                                                                      } else {
                                                                                        var valid13 = true;
                                                                                        const len7 = data41.length;
                                                                                        for (let i8 = 0; i8 < len7; i8++) {
                                                                                          let data42 = data41[i8];
                                                                                          const _errs83 = errors;
                                                                                          if (errors === _errs83) {
                                                                                            if (typeof data42 === "string") {
                                                                                              if (data42.length > 2048 && func1(data42) > 2048) {
                                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/files/" + i8, schemaPath: "#/properties/package/items/properties/files/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.files.items, data: data42 }];
                                                                                                return false;
                                                                                              }
                                                                                            } else {
                                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/files/" + i8, schemaPath: "#/properties/package/items/properties/files/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.files.items.type, parentSchema: schema20.properties.package.items.properties.files.items, data: data42 }];
                                                                                              return false;
                                                                                            }
                                                                                          }
                                                                                          var valid13 = _errs83 === errors;
                                                                                          if (!valid13) {
                                                                                            break;
                                                                                          }
                                                                                        }
                                                                                      }
                                                                                    } else {
                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/files", schemaPath: "#/properties/package/items/properties/files/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.files.type, parentSchema: schema20.properties.package.items.properties.files, data: data41 }];
                                                                                      return false;
                                                                                    }
                                                                                  }
                                                                                  var valid2 = _errs81 === errors;
                                                                                } else {
                                                                                  var valid2 = true;
                                                                                }
                                                                                if (valid2) {
                                                                                  if (data2.mapped !== void 0) {
                                                                                    let data43 = data2.mapped;
                                                                                    const _errs85 = errors;
                                                                                    if (errors === _errs85) {
                                                                                      if (Array.isArray(data43)) {
                                                                                        if (data43.length > 4096) {
                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped", schemaPath: "#/properties/package/items/properties/mapped/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.mapped, data: data43 }];
                                                                                          return false;
                                                                                        } else {
                                                                                          var valid14 = true;
                                                                                          const len8 = data43.length;
                                                                                          for (let i9 = 0; i9 < len8; i9++) {
                                                                                            let data44 = data43[i9];
                                                                                            const _errs87 = errors;
                                                                                            if (errors === _errs87) {
                                                                                              if (data44 && typeof data44 == "object" && !Array.isArray(data44)) {
                                                                                                let missing5;
                                                                                                if (data44.source === void 0 && (missing5 = "source") || data44.to === void 0 && (missing5 = "to") || data44.aliases === void 0 && (missing5 = "aliases")) {
                                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9, schemaPath: "#/properties/package/items/properties/mapped/items/required", keyword: "required", params: { missingProperty: missing5 }, message: "must have required property '" + missing5 + "'", schema: schema20.properties.package.items.properties.mapped.items.required, parentSchema: schema20.properties.package.items.properties.mapped.items, data: data44 }];
                                                                                                  return false;
                                                                                                } else {
                                                                                                  const _errs89 = errors;
                                                                                                  for (const key5 in data44) {
                                                                                                    if (!(key5 === "source" || key5 === "to" || key5 === "aliases")) {
                                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9, schemaPath: "#/properties/package/items/properties/mapped/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.package.items.properties.mapped.items, data: data44 }];
                                                                                                      return false;
                                                                                                      break;
                                                                                                    }
                                                                                                  }
                                                                                                  if (_errs89 === errors) {
                                                                                                    if (data44.source !== void 0) {
                                                                                                      let data45 = data44.source;
                                                                                                      const _errs90 = errors;
                                                                                                      if (errors === _errs90) {
                                                                                                        if (typeof data45 === "string") {
                                                                                                          if (data45.length > 4096 && func1(data45) > 4096) {
                                                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/source", schemaPath: "#/properties/package/items/properties/mapped/items/properties/source/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.source, data: data45 }];
                                                                                                            return false;
                                                                                                          } else {
                                                                                                            if (!pattern14.test(data45)) {
                                                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/source", schemaPath: "#/properties/package/items/properties/mapped/items/properties/source/pattern", keyword: "pattern", params: { pattern: "^[^\\p{Cc}\\p{Cf}]*$" }, message: 'must match pattern "^[^\\p{Cc}\\p{Cf}]*$"', schema: "^[^\\p{Cc}\\p{Cf}]*$", parentSchema: schema20.properties.package.items.properties.mapped.items.properties.source, data: data45 }];
                                                                                                              return false;
                                                                                                            }
                                                                                                          }
                                                                                                        } else {
                                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/source", schemaPath: "#/properties/package/items/properties/mapped/items/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.mapped.items.properties.source.type, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.source, data: data45 }];
                                                                                                          return false;
                                                                                                        }
                                                                                                      }
                                                                                                      var valid15 = _errs90 === errors;
                                                                                                    } else {
                                                                                                      var valid15 = true;
                                                                                                    }
                                                                                                    if (valid15) {
                                                                                                      if (data44.to !== void 0) {
                                                                                                        let data46 = data44.to;
                                                                                                        const _errs92 = errors;
                                                                                                        if (errors === _errs92) {
                                                                                                          if (typeof data46 === "string") {
                                                                                                            if (data46.length > 4096 && func1(data46) > 4096) {
                                                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/to", schemaPath: "#/properties/package/items/properties/mapped/items/properties/to/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.to, data: data46 }];
                                                                                                              return false;
                                                                                                            } else {
                                                                                                              if (!pattern15.test(data46)) {
                                                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/to", schemaPath: "#/properties/package/items/properties/mapped/items/properties/to/pattern", keyword: "pattern", params: { pattern: "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$"', schema: "^(?![/])(?!(?:[^/]*/)*\\.{1,2}(?:/|$))[^\\\\\\p{Cc}\\p{Cf}]+$", parentSchema: schema20.properties.package.items.properties.mapped.items.properties.to, data: data46 }];
                                                                                                                return false;
                                                                                                              }
                                                                                                            }
                                                                                                          } else {
                                                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/to", schemaPath: "#/properties/package/items/properties/mapped/items/properties/to/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.mapped.items.properties.to.type, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.to, data: data46 }];
                                                                                                            return false;
                                                                                                          }
                                                                                                        }
                                                                                                        var valid15 = _errs92 === errors;
                                                                                                      } else {
                                                                                                        var valid15 = true;
                                                                                                      }
                                                                                                      if (valid15) {
                                                                                                        if (data44.aliases !== void 0) {
                                                                                                          let data47 = data44.aliases;
                                                                                                          const _errs94 = errors;
                                                                                                          if (errors === _errs94) {
                                                                                                            if (Array.isArray(data47)) {
                                                                                                              if (data47.length > 4096) {
                                                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/aliases", schemaPath: "#/properties/package/items/properties/mapped/items/properties/aliases/maxItems", keyword: "maxItems", params: { limit: 4096 }, message: "must NOT have more than 4096 items", schema: 4096, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.aliases, data: data47 }];
                                                                                                                return false;
                                                                                                              } else {
                                                                                                                var valid16 = true;
                                                                                                                const len9 = data47.length;
                                                                                                                for (let i10 = 0; i10 < len9; i10++) {
                                                                                                                  let data48 = data47[i10];
                                                                                                                  const _errs96 = errors;
                                                                                                                  if (errors === _errs96) {
                                                                                                                    if (typeof data48 === "string") {
                                                                                                                      if (data48.length > 2048 && func1(data48) > 2048) {
                                                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/aliases/" + i10, schemaPath: "#/properties/package/items/properties/mapped/items/properties/aliases/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.aliases.items, data: data48 }];
                                                                                                                        return false;
                                                                                                                      }
                                                                                                                    } else {
                                                                                                                      validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/aliases/" + i10, schemaPath: "#/properties/package/items/properties/mapped/items/properties/aliases/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.mapped.items.properties.aliases.items.type, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.aliases.items, data: data48 }];
                                                                                                                      return false;
                                                                                                                    }
                                                                                                                  }
                                                                                                                  var valid16 = _errs96 === errors;
                                                                                                                  if (!valid16) {
                                                                                                                    break;
                                                                                                                  }
                                                                                                                }
                                                                                                              }
                                                                                                            } else {
                                                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9 + "/aliases", schemaPath: "#/properties/package/items/properties/mapped/items/properties/aliases/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.mapped.items.properties.aliases.type, parentSchema: schema20.properties.package.items.properties.mapped.items.properties.aliases, data: data47 }];
                                                                                                              return false;
                                                                                                            }
                                                                                                          }
                                                                                                          var valid15 = _errs94 === errors;
                                                                                                        } else {
                                                                                                          var valid15 = true;
                                                                                                        }
                                                                                                      }
                                                                                                    }
                                                                                                  }
                                                                                                }
                                                                                              } else {
                                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped/" + i9, schemaPath: "#/properties/package/items/properties/mapped/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.package.items.properties.mapped.items.type, parentSchema: schema20.properties.package.items.properties.mapped.items, data: data44 }];
                                                                                                return false;
                                                                                              }
                                                                                            }
                                                                                            var valid14 = _errs87 === errors;
                                                                                            if (!valid14) {
                                                                                              break;
                                                                                            }
                                                                                          }
                                                                                        }
                                                                                      } else {
                                                                                        validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/mapped", schemaPath: "#/properties/package/items/properties/mapped/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.mapped.type, parentSchema: schema20.properties.package.items.properties.mapped, data: data43 }];
                                                                                        return false;
                                                                                      }
                                                                                    }
                                                                                    var valid2 = _errs85 === errors;
                                                                                  } else {
                                                                                    var valid2 = true;
                                                                                  }
                                                                                  if (valid2) {
                                                                                    if (data2.programs !== void 0) {
                                                                                      let data49 = data2.programs;
                                                                                      const _errs98 = errors;
                                                                                      if (errors === _errs98) {
                                                                                        if (Array.isArray(data49)) {
                                                                                          if (data49.length > 64) {
                                                                                            validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/programs", schemaPath: "#/properties/package/items/properties/programs/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema20.properties.package.items.properties.programs, data: data49 }];
                                                                                            return false;
                                                                                          } else {
                                                                                            var valid17 = true;
                                                                                            const len10 = data49.length;
                                                                                            for (let i11 = 0; i11 < len10; i11++) {
                                                                                              let data50 = data49[i11];
                                                                                              const _errs100 = errors;
                                                                                              if (errors === _errs100) {
                                                                                                if (typeof data50 === "string") {
                                                                                                  if (data50.length > 2048 && func1(data50) > 2048) {
                                                                                                    validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/programs/" + i11, schemaPath: "#/properties/package/items/properties/programs/items/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema20.properties.package.items.properties.programs.items, data: data50 }];
                                                                                                    return false;
                                                                                                  }
                                                                                                } else {
                                                                                                  validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/programs/" + i11, schemaPath: "#/properties/package/items/properties/programs/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.programs.items.type, parentSchema: schema20.properties.package.items.properties.programs.items, data: data50 }];
                                                                                                  return false;
                                                                                                }
                                                                                              }
                                                                                              var valid17 = _errs100 === errors;
                                                                                              if (!valid17) {
                                                                                                break;
                                                                                              }
                                                                                            }
                                                                                          }
                                                                                        } else {
                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/programs", schemaPath: "#/properties/package/items/properties/programs/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.items.properties.programs.type, parentSchema: schema20.properties.package.items.properties.programs, data: data49 }];
                                                                                          return false;
                                                                                        }
                                                                                      }
                                                                                      var valid2 = _errs98 === errors;
                                                                                    } else {
                                                                                      var valid2 = true;
                                                                                    }
                                                                                    if (valid2) {
                                                                                      if (data2.with_libraries !== void 0) {
                                                                                        let data51 = data2.with_libraries;
                                                                                        const _errs102 = errors;
                                                                                        if (typeof data51 !== "boolean") {
                                                                                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/with_libraries", schemaPath: "#/properties/package/items/properties/with_libraries/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema20.properties.package.items.properties.with_libraries.type, parentSchema: schema20.properties.package.items.properties.with_libraries, data: data51 }];
                                                                                          return false;
                                                                                        }
                                                                                        var valid2 = _errs102 === errors;
                                                                                      } else {
                                                                                        var valid2 = true;
                                                                                      }
                                                                                      if (valid2) {
                                                                                        if (data2.keg !== void 0) {
                                                                                          let data52 = data2.keg;
                                                                                          const _errs104 = errors;
                                                                                          if (errors === _errs104) {
                                                                                            if (typeof data52 === "string") {
                                                                                              if (data52.length > 262144 && func1(data52) > 262144) {
                                                                                                validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/keg", schemaPath: "#/properties/package/items/properties/keg/maxLength", keyword: "maxLength", params: { limit: 262144 }, message: "must NOT have more than 262144 characters", schema: 262144, parentSchema: schema20.properties.package.items.properties.keg, data: data52 }];
                                                                                                return false;
                                                                                              }
                                                                                            } else {
                                                                                              validate53.errors = [{ instancePath: instancePath + "/package/" + i0 + "/keg", schemaPath: "#/properties/package/items/properties/keg/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.properties.package.items.properties.keg.type, parentSchema: schema20.properties.package.items.properties.keg, data: data52 }];
                                                                                              return false;
                                                                                            }
                                                                                          }
                                                                                          var valid2 = _errs104 === errors;
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
                          validate53.errors = [{ instancePath: instancePath + "/package/" + i0, schemaPath: "#/properties/package/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.package.items.type, parentSchema: schema20.properties.package.items, data: data2 }];
                          return false;
                        }
                      }
                      var valid1 = _errs5 === errors;
                      if (!valid1) {
                        break;
                      }
                    }
                  }
                } else {
                  validate53.errors = [{ instancePath: instancePath + "/package", schemaPath: "#/properties/package/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.properties.package.type, parentSchema: schema20.properties.package, data: data1 }];
                  return false;
                }
              }
              var valid0 = _errs3 === errors;
            } else {
              var valid0 = true;
            }
          }
        }
      }
    } else {
      validate53.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.type, parentSchema: schema20, data }];
      return false;
    }
  }
  validate53.errors = vErrors;
  return errors === 0;
}
validate53.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
export {
  validateLock,
  validatePackages
};

function lazyPattern(source, flags) {
  let made;
  return { test: (text) => (made ??= new RegExp(source, flags)).test(text) };
}
