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

// <stdin>
var validatePackages = validate52;
var schema19 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "PackagesFile", "description": "The file `packages.toml`, which `pkg apply` makes the profile match. Every key is optional; an unknown key is an error.", "type": "object", "additionalProperties": false, "properties": { "profile": { "description": "The profile that the file is for; without it, the one in use.", "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, "platforms": { "description": 'The platforms that `pkg lock` writes the lock file for, such as "linux/amd64" or "aarch64-linux"; without it, that of the machine.', "type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 16, "items": { "type": "string", "maxLength": 64 } }, "defaults": { "title": "DefaultsTable", "description": "What holds for every package that does not say otherwise, as soar writes it.", "type": "object", "additionalProperties": false, "properties": { "profile": { "description": "As `profile` above.", "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, "binary_only": { "description": "Of soar; it has no meaning here.", "type": "boolean" }, "install_patterns": { "description": "Of soar; it has no meaning here.", "type": "array", "items": { "type": "string" } } } }, "repositories": { "description": "The repositories that the packages are from, by name. They have to be configured so: the file adds none and trusts none.", "type": "object", "propertyNames": { "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "additionalProperties": { "title": "DeclaredRepository", "description": "One repository.", "type": "object", "additionalProperties": false, "required": ["url"], "properties": { "url": { "description": "The address of its index, as in `config.toml`.", "type": "string", "minLength": 1, "maxLength": 2048 } } } }, "packages": { "description": 'What is wanted, by name: a version, a range, or "*" for the newest; or a table.', "type": "object", "maxProperties": 4096, "propertyNames": { "minLength": 1, "maxLength": 512 }, "additionalProperties": { "title": "DeclaredPackage", "description": 'A version, a range such as "^8", or "*" for the newest; or a table.', "type": ["string", "object"], "maxLength": 256, "additionalProperties": false, "properties": { "version": { "description": 'A version, the beginning of one, a range, or "*" for the newest.', "type": "string", "minLength": 1, "maxLength": 256 }, "repository": { "description": "The repository that it is from.", "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "repo": { "description": "The same, as soar writes it.", "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" }, "id": { "description": "Its id, where several packages have its name.", "type": "string", "minLength": 1, "maxLength": 256 }, "pkg_id": { "description": "The same, as soar writes it.", "type": "string", "minLength": 1, "maxLength": 256 }, "family": { "description": "Its family, where several packages have its name.", "type": "string", "minLength": 1, "maxLength": 128 }, "package": { "description": "Its name in its repository, where it is installed under another one.", "type": "string", "minLength": 1, "maxLength": 128 }, "reference": { "description": 'Where it lies, instead of a repository: a reference such as "ghcr.io/me/tools/trurl:8", or an OCI layout. A path begins at the directory of the file.', "type": "string", "minLength": 1, "maxLength": 1024 }, "key": { "description": "The publisher's minisign public key, for a reference.", "type": "string", "minLength": 1, "maxLength": 256 }, "programs": { "description": "Programs of a container image, by name or path.", "type": "array", "uniqueItems": true, "maxItems": 64, "items": { "type": "string", "minLength": 1, "maxLength": 1024 } }, "with_libraries": { "description": "Of a container image, whether its dynamic linker and libraries are placed beside the program.", "type": "boolean" }, "platforms": { "description": 'The platforms that it is wanted on, such as "linux/amd64"; without it, all.', "type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 16, "items": { "type": "string", "maxLength": 64 } }, "profile": { "description": "The profile that it is for; without it, that of the file.", "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" }, "pinned": { "description": "Whether `pkg update` leaves it as it is.", "type": "boolean" } }, "patternProperties": { "^(?:url|github|gitlab|asset_pattern|include_prerelease|tag_pattern|version_command|pkg_type|entrypoint|binaries|nested_extract|extract_root|hooks|build|sandbox|portable|install_patterns|binary_only|update)$": { "description": "Keys of soar that are not read. A package that names its source by one of them cannot be had, which is said." } } } } } };
var func1 = require_ucs2length().default;
var func11 = Object.prototype.hasOwnProperty;
var pattern3 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_.-]*$", "u");
var pattern5 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", "u");
var pattern6 = new RegExp("^(?:url|github|gitlab|asset_pattern|include_prerelease|tag_pattern|version_command|pkg_type|entrypoint|binaries|nested_extract|extract_root|hooks|build|sandbox|portable|install_patterns|binary_only|update)$", "u");
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
              if (func1(data0) > 64) {
                validate52.errors = [{ instancePath: instancePath + "/profile", schemaPath: "#/properties/profile/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.profile, data: data0 }];
                return false;
              } else {
                if (func1(data0) < 1) {
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
                          if (func1(data2) > 64) {
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
                          if (func1(data4) > 64) {
                            validate52.errors = [{ instancePath: instancePath + "/defaults/profile", schemaPath: "#/properties/defaults/properties/profile/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.defaults.properties.profile, data: data4 }];
                            return false;
                          } else {
                            if (func1(data4) < 1) {
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
                                      if (func1(data10) > 2048) {
                                        validate52.errors = [{ instancePath: instancePath + "/repositories/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/properties/repositories/additionalProperties/properties/url/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.repositories.additionalProperties.properties.url, data: data10 }];
                                        return false;
                                      } else {
                                        if (func1(data10) < 1) {
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
                            if (func1(key5) > 512) {
                              const err2 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/propertyNames/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema19.properties.packages.propertyNames, data: key5, propertyName: key5 };
                              if (vErrors === null) {
                                vErrors = [err2];
                              } else {
                                vErrors.push(err2);
                              }
                              errors++;
                            } else {
                              if (func1(key5) < 1) {
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
                                if (func1(data12) > 256) {
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
                                          if (func1(data13) > 256) {
                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/version", schemaPath: "#/properties/packages/additionalProperties/properties/version/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.version, data: data13 }];
                                            return false;
                                          } else {
                                            if (func1(data13) < 1) {
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
                                                if (func1(data16) > 256) {
                                                  validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/id", schemaPath: "#/properties/packages/additionalProperties/properties/id/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.id, data: data16 }];
                                                  return false;
                                                } else {
                                                  if (func1(data16) < 1) {
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
                                                  if (func1(data17) > 256) {
                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/pkg_id", schemaPath: "#/properties/packages/additionalProperties/properties/pkg_id/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.pkg_id, data: data17 }];
                                                    return false;
                                                  } else {
                                                    if (func1(data17) < 1) {
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
                                                    if (func1(data18) > 128) {
                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/family", schemaPath: "#/properties/packages/additionalProperties/properties/family/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema19.properties.packages.additionalProperties.properties.family, data: data18 }];
                                                      return false;
                                                    } else {
                                                      if (func1(data18) < 1) {
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
                                                      if (func1(data19) > 128) {
                                                        validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/package", schemaPath: "#/properties/packages/additionalProperties/properties/package/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema19.properties.packages.additionalProperties.properties.package, data: data19 }];
                                                        return false;
                                                      } else {
                                                        if (func1(data19) < 1) {
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
                                                        if (func1(data20) > 1024) {
                                                          validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/reference", schemaPath: "#/properties/packages/additionalProperties/properties/reference/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.packages.additionalProperties.properties.reference, data: data20 }];
                                                          return false;
                                                        } else {
                                                          if (func1(data20) < 1) {
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
                                                          if (func1(data21) > 256) {
                                                            validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/key", schemaPath: "#/properties/packages/additionalProperties/properties/key/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.packages.additionalProperties.properties.key, data: data21 }];
                                                            return false;
                                                          } else {
                                                            if (func1(data21) < 1) {
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
                                                                    if (func1(data23) > 1024) {
                                                                      validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/programs/" + i3, schemaPath: "#/properties/packages/additionalProperties/properties/programs/items/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.packages.additionalProperties.properties.programs.items, data: data23 }];
                                                                      return false;
                                                                    } else {
                                                                      if (func1(data23) < 1) {
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
                                                                          if (func1(data26) > 64) {
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
                                                                  if (func1(data27) > 64) {
                                                                    validate52.errors = [{ instancePath: instancePath + "/packages/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/profile", schemaPath: "#/properties/packages/additionalProperties/properties/profile/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.packages.additionalProperties.properties.profile, data: data27 }];
                                                                    return false;
                                                                  } else {
                                                                    if (func1(data27) < 1) {
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
export {
  validatePackages
};
