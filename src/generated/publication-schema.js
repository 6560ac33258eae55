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
var validatePublish = validate52;
var schema19 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "PublishManifest", "description": "The file `pkg.json`, which says what `pkg publish` publishes. An unknown key is an error.", "type": "object", "additionalProperties": false, "required": ["reference", "version", "files"], "properties": { "$schema": { "type": "string", "maxLength": 2048, "description": "Address of this schema, for editors." }, "reference": { "$ref": "common.schema.json#/$defs/reference", "description": "Where it is published: registry and repository without a tag, e.g. `ghcr.io/me/tools/trurl`." }, "name": { "$ref": "common.schema.json#/$defs/name", "description": "The name it is installed as; by default the last part of `reference`." }, "version": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9][A-Za-z0-9._+-]*$", "description": "Its version, e.g. `8.14.1`. Once published, a version does not change." }, "description": { "type": "string", "minLength": 1, "maxLength": 1024, "description": "What the program does, in a sentence." }, "license": { "type": "string", "minLength": 1, "maxLength": 256, "description": "An SPDX expression, e.g. `MIT` or `Apache-2.0 OR MIT`." }, "homepage": { "type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s\\p{Cc}]+$", "description": "Address of the project." }, "source": { "type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s\\p{Cc}]+$", "description": "Address of the source code. On GitHub it links the package to its repository." }, "documentation": { "type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s\\p{Cc}]+$", "description": "Address of the documentation." }, "family": { "$ref": "common.schema.json#/$defs/name", "description": "Family it belongs to, e.g. `curl`; typed as `family/name`." }, "id": { "type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$", "description": "Identity of the package; by default `reference` with dots instead of slashes." }, "maintainers": { "$ref": "common.schema.json#/$defs/list", "description": "Each as `Name (contact)`." }, "keywords": { "$ref": "common.schema.json#/$defs/list", "description": "Words that searches find it by." }, "categories": { "$ref": "common.schema.json#/$defs/list", "description": "Desktop categories." }, "notes": { "$ref": "common.schema.json#/$defs/list", "description": "Notes for people who install it." }, "replaces": { "$ref": "common.schema.json#/$defs/list", "description": "Ids of packages that this one replaces." }, "provides": { "type": "array", "maxItems": 256, "items": { "type": "string", "minLength": 1, "maxLength": 512 }, "description": "Programs and links: `a`, `a==b` (both names), `a=>b` (only `b`), `a:b` (alias). By default the name itself, or all programs in `bin` for a directory." }, "files": { "type": "array", "minItems": 1, "maxItems": 64, "description": "The program, once for each platform: a file, or a directory with its programs in `bin`.", "items": { "title": "PublishedFile", "description": "The program for one platform.", "type": "object", "additionalProperties": false, "required": ["path", "platform"], "properties": { "path": { "type": "string", "minLength": 1, "maxLength": 4096, "description": "File or directory, relative to the directory of `pkg.json`." }, "platform": { "type": "string", "maxLength": 64, "pattern": "^[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?$", "description": "`os/architecture`, e.g. `linux/amd64`." }, "libc": { "enum": ["glibc", "musl", "static"], "description": "The C library that it needs; by default it is read from the program." } } } }, "documents": { "type": "array", "maxItems": 64, "items": { "type": "string", "minLength": 1, "maxLength": 4096 }, "description": "Further files for the package of every platform, e.g. `LICENSE`, relative to the directory of `pkg.json`." } } };
var func1 = Object.prototype.hasOwnProperty;
var func2 = require_ucs2length().default;
var schema21 = { "description": "A reference into a registry.", "type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[^\\s\\p{Cc}\\p{Cf}]+$" };
var pattern3 = lazyPattern("^[^\\s\\p{Cc}\\p{Cf}]+$", "u");
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
  if (errors === 0) {
    if (typeof data === "string") {
      if (data.length > 1024 && func2(data) > 1024) {
        validate54.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema21, data }];
        return false;
      } else {
        if (data.length < 2 && func2(data) < 1) {
          validate54.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema21, data }];
          return false;
        } else {
          if (!pattern3.test(data)) {
            validate54.errors = [{ instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema21, data }];
            return false;
          }
        }
      }
    } else {
      validate54.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema21.type, parentSchema: schema21, data }];
      return false;
    }
  }
  validate54.errors = vErrors;
  return errors === 0;
}
validate54.evaluated = { "dynamicProps": false, "dynamicItems": false };
var schema22 = { "description": "A name that is typed and that becomes a directory and a link: no slash, no space, and no dot or hyphen at the beginning.", "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$" };
var pattern4 = lazyPattern("^[^\\s/\\\\\\p{Cc}\\p{Cf}.-][^\\s/\\\\\\p{Cc}\\p{Cf}]*$", "u");
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
      if (data.length > 128 && func2(data) > 128) {
        validate56.errors = [{ instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema22, data }];
        return false;
      } else {
        if (data.length < 2 && func2(data) < 1) {
          validate56.errors = [{ instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22, data }];
          return false;
        } else {
          if (!pattern4.test(data)) {
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
var schema23 = { "description": "Texts for people.", "type": "array", "maxItems": 1024, "items": { "type": "string", "minLength": 1, "maxLength": 16384 } };
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
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 1024) {
        validate59.errors = [{ instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 1024 }, message: "must NOT have more than 1024 items", schema: 1024, parentSchema: schema23, data }];
        return false;
      } else {
        var valid0 = true;
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data0 = data[i0];
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (data0.length > 16384 && func2(data0) > 16384) {
                validate59.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/maxLength", keyword: "maxLength", params: { limit: 16384 }, message: "must NOT have more than 16384 characters", schema: 16384, parentSchema: schema23.items, data: data0 }];
                return false;
              } else {
                if (data0.length < 2 && func2(data0) < 1) {
                  validate59.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema23.items, data: data0 }];
                  return false;
                }
              }
            } else {
              validate59.errors = [{ instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.items.type, parentSchema: schema23.items, data: data0 }];
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
      validate59.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema23.type, parentSchema: schema23, data }];
      return false;
    }
  }
  validate59.errors = vErrors;
  return errors === 0;
}
validate59.evaluated = { "items": true, "dynamicProps": false, "dynamicItems": false };
var pattern5 = lazyPattern("^[A-Za-z0-9][A-Za-z0-9._+-]*$", "u");
var pattern6 = lazyPattern("^https?://[^\\s\\p{Cc}]+$", "u");
var pattern10 = lazyPattern("^[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?$", "u");
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
      let missing0;
      if (data.reference === void 0 && (missing0 = "reference") || data.version === void 0 && (missing0 = "version") || data.files === void 0 && (missing0 = "files")) {
        validate52.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'", schema: schema19.required, parentSchema: schema19, data }];
        return false;
      } else {
        const _errs1 = errors;
        for (const key0 in data) {
          if (!func1.call(schema19.properties, key0)) {
            validate52.errors = [{ instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19, data }];
            return false;
            break;
          }
        }
        if (_errs1 === errors) {
          if (data.$schema !== void 0) {
            let data0 = data.$schema;
            const _errs2 = errors;
            if (errors === _errs2) {
              if (typeof data0 === "string") {
                if (data0.length > 2048 && func2(data0) > 2048) {
                  validate52.errors = [{ instancePath: instancePath + "/$schema", schemaPath: "#/properties/%24schema/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.$schema, data: data0 }];
                  return false;
                }
              } else {
                validate52.errors = [{ instancePath: instancePath + "/$schema", schemaPath: "#/properties/%24schema/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.$schema.type, parentSchema: schema19.properties.$schema, data: data0 }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.reference !== void 0) {
              const _errs4 = errors;
              if (!validate54(data.reference, { instancePath: instancePath + "/reference", parentData: data, parentDataProperty: "reference", rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
                errors = vErrors.length;
              }
              var valid0 = _errs4 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.name !== void 0) {
                const _errs5 = errors;
                if (!validate56(data.name, { instancePath: instancePath + "/name", parentData: data, parentDataProperty: "name", rootData, dynamicAnchors })) {
                  vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
                  errors = vErrors.length;
                }
                var valid0 = _errs5 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.version !== void 0) {
                  let data3 = data.version;
                  const _errs6 = errors;
                  if (errors === _errs6) {
                    if (typeof data3 === "string") {
                      if (data3.length > 128 && func2(data3) > 128) {
                        validate52.errors = [{ instancePath: instancePath + "/version", schemaPath: "#/properties/version/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters", schema: 128, parentSchema: schema19.properties.version, data: data3 }];
                        return false;
                      } else {
                        if (data3.length < 2 && func2(data3) < 1) {
                          validate52.errors = [{ instancePath: instancePath + "/version", schemaPath: "#/properties/version/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.version, data: data3 }];
                          return false;
                        } else {
                          if (!pattern5.test(data3)) {
                            validate52.errors = [{ instancePath: instancePath + "/version", schemaPath: "#/properties/version/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._+-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9._+-]*$"', schema: "^[A-Za-z0-9][A-Za-z0-9._+-]*$", parentSchema: schema19.properties.version, data: data3 }];
                            return false;
                          }
                        }
                      }
                    } else {
                      validate52.errors = [{ instancePath: instancePath + "/version", schemaPath: "#/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.version.type, parentSchema: schema19.properties.version, data: data3 }];
                      return false;
                    }
                  }
                  var valid0 = _errs6 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.description !== void 0) {
                    let data4 = data.description;
                    const _errs8 = errors;
                    if (errors === _errs8) {
                      if (typeof data4 === "string") {
                        if (data4.length > 1024 && func2(data4) > 1024) {
                          validate52.errors = [{ instancePath: instancePath + "/description", schemaPath: "#/properties/description/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters", schema: 1024, parentSchema: schema19.properties.description, data: data4 }];
                          return false;
                        } else {
                          if (data4.length < 2 && func2(data4) < 1) {
                            validate52.errors = [{ instancePath: instancePath + "/description", schemaPath: "#/properties/description/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.description, data: data4 }];
                            return false;
                          }
                        }
                      } else {
                        validate52.errors = [{ instancePath: instancePath + "/description", schemaPath: "#/properties/description/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.description.type, parentSchema: schema19.properties.description, data: data4 }];
                        return false;
                      }
                    }
                    var valid0 = _errs8 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.license !== void 0) {
                      let data5 = data.license;
                      const _errs10 = errors;
                      if (errors === _errs10) {
                        if (typeof data5 === "string") {
                          if (data5.length > 256 && func2(data5) > 256) {
                            validate52.errors = [{ instancePath: instancePath + "/license", schemaPath: "#/properties/license/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.license, data: data5 }];
                            return false;
                          } else {
                            if (data5.length < 2 && func2(data5) < 1) {
                              validate52.errors = [{ instancePath: instancePath + "/license", schemaPath: "#/properties/license/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.license, data: data5 }];
                              return false;
                            }
                          }
                        } else {
                          validate52.errors = [{ instancePath: instancePath + "/license", schemaPath: "#/properties/license/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.license.type, parentSchema: schema19.properties.license, data: data5 }];
                          return false;
                        }
                      }
                      var valid0 = _errs10 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.homepage !== void 0) {
                        let data6 = data.homepage;
                        const _errs12 = errors;
                        if (errors === _errs12) {
                          if (typeof data6 === "string") {
                            if (data6.length > 2048 && func2(data6) > 2048) {
                              validate52.errors = [{ instancePath: instancePath + "/homepage", schemaPath: "#/properties/homepage/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.homepage, data: data6 }];
                              return false;
                            } else {
                              if (!pattern6.test(data6)) {
                                validate52.errors = [{ instancePath: instancePath + "/homepage", schemaPath: "#/properties/homepage/pattern", keyword: "pattern", params: { pattern: "^https?://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https?://[^\\s\\p{Cc}]+$"', schema: "^https?://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.homepage, data: data6 }];
                                return false;
                              }
                            }
                          } else {
                            validate52.errors = [{ instancePath: instancePath + "/homepage", schemaPath: "#/properties/homepage/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.homepage.type, parentSchema: schema19.properties.homepage, data: data6 }];
                            return false;
                          }
                        }
                        var valid0 = _errs12 === errors;
                      } else {
                        var valid0 = true;
                      }
                      if (valid0) {
                        if (data.source !== void 0) {
                          let data7 = data.source;
                          const _errs14 = errors;
                          if (errors === _errs14) {
                            if (typeof data7 === "string") {
                              if (data7.length > 2048 && func2(data7) > 2048) {
                                validate52.errors = [{ instancePath: instancePath + "/source", schemaPath: "#/properties/source/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.source, data: data7 }];
                                return false;
                              } else {
                                if (!pattern6.test(data7)) {
                                  validate52.errors = [{ instancePath: instancePath + "/source", schemaPath: "#/properties/source/pattern", keyword: "pattern", params: { pattern: "^https?://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https?://[^\\s\\p{Cc}]+$"', schema: "^https?://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.source, data: data7 }];
                                  return false;
                                }
                              }
                            } else {
                              validate52.errors = [{ instancePath: instancePath + "/source", schemaPath: "#/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.source.type, parentSchema: schema19.properties.source, data: data7 }];
                              return false;
                            }
                          }
                          var valid0 = _errs14 === errors;
                        } else {
                          var valid0 = true;
                        }
                        if (valid0) {
                          if (data.documentation !== void 0) {
                            let data8 = data.documentation;
                            const _errs16 = errors;
                            if (errors === _errs16) {
                              if (typeof data8 === "string") {
                                if (data8.length > 2048 && func2(data8) > 2048) {
                                  validate52.errors = [{ instancePath: instancePath + "/documentation", schemaPath: "#/properties/documentation/maxLength", keyword: "maxLength", params: { limit: 2048 }, message: "must NOT have more than 2048 characters", schema: 2048, parentSchema: schema19.properties.documentation, data: data8 }];
                                  return false;
                                } else {
                                  if (!pattern6.test(data8)) {
                                    validate52.errors = [{ instancePath: instancePath + "/documentation", schemaPath: "#/properties/documentation/pattern", keyword: "pattern", params: { pattern: "^https?://[^\\s\\p{Cc}]+$" }, message: 'must match pattern "^https?://[^\\s\\p{Cc}]+$"', schema: "^https?://[^\\s\\p{Cc}]+$", parentSchema: schema19.properties.documentation, data: data8 }];
                                    return false;
                                  }
                                }
                              } else {
                                validate52.errors = [{ instancePath: instancePath + "/documentation", schemaPath: "#/properties/documentation/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.documentation.type, parentSchema: schema19.properties.documentation, data: data8 }];
                                return false;
                              }
                            }
                            var valid0 = _errs16 === errors;
                          } else {
                            var valid0 = true;
                          }
                          if (valid0) {
                            if (data.family !== void 0) {
                              const _errs18 = errors;
                              if (!validate56(data.family, { instancePath: instancePath + "/family", parentData: data, parentDataProperty: "family", rootData, dynamicAnchors })) {
                                vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
                                errors = vErrors.length;
                              }
                              var valid0 = _errs18 === errors;
                            } else {
                              var valid0 = true;
                            }
                            if (valid0) {
                              if (data.id !== void 0) {
                                let data10 = data.id;
                                const _errs19 = errors;
                                if (errors === _errs19) {
                                  if (typeof data10 === "string") {
                                    if (data10.length > 256 && func2(data10) > 256) {
                                      validate52.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters", schema: 256, parentSchema: schema19.properties.id, data: data10 }];
                                      return false;
                                    } else {
                                      if (data10.length < 2 && func2(data10) < 1) {
                                        validate52.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.id, data: data10 }];
                                        return false;
                                      } else {
                                        if (!pattern3.test(data10)) {
                                          validate52.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/pattern", keyword: "pattern", params: { pattern: "^[^\\s\\p{Cc}\\p{Cf}]+$" }, message: 'must match pattern "^[^\\s\\p{Cc}\\p{Cf}]+$"', schema: "^[^\\s\\p{Cc}\\p{Cf}]+$", parentSchema: schema19.properties.id, data: data10 }];
                                          return false;
                                        }
                                      }
                                    }
                                  } else {
                                    validate52.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.id.type, parentSchema: schema19.properties.id, data: data10 }];
                                    return false;
                                  }
                                }
                                var valid0 = _errs19 === errors;
                              } else {
                                var valid0 = true;
                              }
                              if (valid0) {
                                if (data.maintainers !== void 0) {
                                  const _errs21 = errors;
                                  if (!validate59(data.maintainers, { instancePath: instancePath + "/maintainers", parentData: data, parentDataProperty: "maintainers", rootData, dynamicAnchors })) {
                                    vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                                    errors = vErrors.length;
                                  }
                                  var valid0 = _errs21 === errors;
                                } else {
                                  var valid0 = true;
                                }
                                if (valid0) {
                                  if (data.keywords !== void 0) {
                                    const _errs22 = errors;
                                    if (!validate59(data.keywords, { instancePath: instancePath + "/keywords", parentData: data, parentDataProperty: "keywords", rootData, dynamicAnchors })) {
                                      vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                                      errors = vErrors.length;
                                    }
                                    var valid0 = _errs22 === errors;
                                  } else {
                                    var valid0 = true;
                                  }
                                  if (valid0) {
                                    if (data.categories !== void 0) {
                                      const _errs23 = errors;
                                      if (!validate59(data.categories, { instancePath: instancePath + "/categories", parentData: data, parentDataProperty: "categories", rootData, dynamicAnchors })) {
                                        vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                                        errors = vErrors.length;
                                      }
                                      var valid0 = _errs23 === errors;
                                    } else {
                                      var valid0 = true;
                                    }
                                    if (valid0) {
                                      if (data.notes !== void 0) {
                                        const _errs24 = errors;
                                        if (!validate59(data.notes, { instancePath: instancePath + "/notes", parentData: data, parentDataProperty: "notes", rootData, dynamicAnchors })) {
                                          vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                                          errors = vErrors.length;
                                        }
                                        var valid0 = _errs24 === errors;
                                      } else {
                                        var valid0 = true;
                                      }
                                      if (valid0) {
                                        if (data.replaces !== void 0) {
                                          const _errs25 = errors;
                                          if (!validate59(data.replaces, { instancePath: instancePath + "/replaces", parentData: data, parentDataProperty: "replaces", rootData, dynamicAnchors })) {
                                            vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
                                            errors = vErrors.length;
                                          }
                                          var valid0 = _errs25 === errors;
                                        } else {
                                          var valid0 = true;
                                        }
                                        if (valid0) {
                                          if (data.provides !== void 0) {
                                            let data16 = data.provides;
                                            const _errs26 = errors;
                                            if (errors === _errs26) {
                                              if (Array.isArray(data16)) {
                                                if (data16.length > 256) {
                                                  validate52.errors = [{ instancePath: instancePath + "/provides", schemaPath: "#/properties/provides/maxItems", keyword: "maxItems", params: { limit: 256 }, message: "must NOT have more than 256 items", schema: 256, parentSchema: schema19.properties.provides, data: data16 }];
                                                  return false;
                                                } else {
                                                  var valid1 = true;
                                                  const len0 = data16.length;
                                                  for (let i0 = 0; i0 < len0; i0++) {
                                                    let data17 = data16[i0];
                                                    const _errs28 = errors;
                                                    if (errors === _errs28) {
                                                      if (typeof data17 === "string") {
                                                        if (data17.length > 512 && func2(data17) > 512) {
                                                          validate52.errors = [{ instancePath: instancePath + "/provides/" + i0, schemaPath: "#/properties/provides/items/maxLength", keyword: "maxLength", params: { limit: 512 }, message: "must NOT have more than 512 characters", schema: 512, parentSchema: schema19.properties.provides.items, data: data17 }];
                                                          return false;
                                                        } else {
                                                          if (data17.length < 2 && func2(data17) < 1) {
                                                            validate52.errors = [{ instancePath: instancePath + "/provides/" + i0, schemaPath: "#/properties/provides/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.provides.items, data: data17 }];
                                                            return false;
                                                          }
                                                        }
                                                      } else {
                                                        validate52.errors = [{ instancePath: instancePath + "/provides/" + i0, schemaPath: "#/properties/provides/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.provides.items.type, parentSchema: schema19.properties.provides.items, data: data17 }];
                                                        return false;
                                                      }
                                                    }
                                                    var valid1 = _errs28 === errors;
                                                    if (!valid1) {
                                                      break;
                                                    }
                                                  }
                                                }
                                              } else {
                                                validate52.errors = [{ instancePath: instancePath + "/provides", schemaPath: "#/properties/provides/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.provides.type, parentSchema: schema19.properties.provides, data: data16 }];
                                                return false;
                                              }
                                            }
                                            var valid0 = _errs26 === errors;
                                          } else {
                                            var valid0 = true;
                                          }
                                          if (valid0) {
                                            if (data.files !== void 0) {
                                              let data18 = data.files;
                                              const _errs30 = errors;
                                              if (errors === _errs30) {
                                                if (Array.isArray(data18)) {
                                                  if (data18.length > 64) {
                                                    validate52.errors = [{ instancePath: instancePath + "/files", schemaPath: "#/properties/files/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema19.properties.files, data: data18 }];
                                                    return false;
                                                  } else {
                                                    if (data18.length < 1) {
                                                      validate52.errors = [{ instancePath: instancePath + "/files", schemaPath: "#/properties/files/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema19.properties.files, data: data18 }];
                                                      return false;
                                                    } else {
                                                      var valid2 = true;
                                                      const len1 = data18.length;
                                                      for (let i1 = 0; i1 < len1; i1++) {
                                                        let data19 = data18[i1];
                                                        const _errs32 = errors;
                                                        if (errors === _errs32) {
                                                          if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
                                                            let missing1;
                                                            if (data19.path === void 0 && (missing1 = "path") || data19.platform === void 0 && (missing1 = "platform")) {
                                                              validate52.errors = [{ instancePath: instancePath + "/files/" + i1, schemaPath: "#/properties/files/items/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'", schema: schema19.properties.files.items.required, parentSchema: schema19.properties.files.items, data: data19 }];
                                                              return false;
                                                            } else {
                                                              const _errs34 = errors;
                                                              for (const key1 in data19) {
                                                                if (!(key1 === "path" || key1 === "platform" || key1 === "libc")) {
                                                                  validate52.errors = [{ instancePath: instancePath + "/files/" + i1, schemaPath: "#/properties/files/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19.properties.files.items, data: data19 }];
                                                                  return false;
                                                                  break;
                                                                }
                                                              }
                                                              if (_errs34 === errors) {
                                                                if (data19.path !== void 0) {
                                                                  let data20 = data19.path;
                                                                  const _errs35 = errors;
                                                                  if (errors === _errs35) {
                                                                    if (typeof data20 === "string") {
                                                                      if (data20.length > 4096 && func2(data20) > 4096) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/path", schemaPath: "#/properties/files/items/properties/path/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.files.items.properties.path, data: data20 }];
                                                                        return false;
                                                                      } else {
                                                                        if (data20.length < 2 && func2(data20) < 1) {
                                                                          validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/path", schemaPath: "#/properties/files/items/properties/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.files.items.properties.path, data: data20 }];
                                                                          return false;
                                                                        }
                                                                      }
                                                                    } else {
                                                                      validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/path", schemaPath: "#/properties/files/items/properties/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.files.items.properties.path.type, parentSchema: schema19.properties.files.items.properties.path, data: data20 }];
                                                                      return false;
                                                                    }
                                                                  }
                                                                  var valid3 = _errs35 === errors;
                                                                } else {
                                                                  var valid3 = true;
                                                                }
                                                                if (valid3) {
                                                                  if (data19.platform !== void 0) {
                                                                    let data21 = data19.platform;
                                                                    const _errs37 = errors;
                                                                    if (errors === _errs37) {
                                                                      if (typeof data21 === "string") {
                                                                        if (data21.length > 64 && func2(data21) > 64) {
                                                                          validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/platform", schemaPath: "#/properties/files/items/properties/platform/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters", schema: 64, parentSchema: schema19.properties.files.items.properties.platform, data: data21 }];
                                                                          return false;
                                                                        } else {
                                                                          if (!pattern10.test(data21)) {
                                                                            validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/platform", schemaPath: "#/properties/files/items/properties/platform/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?$" }, message: 'must match pattern "^[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?$"', schema: "^[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?$", parentSchema: schema19.properties.files.items.properties.platform, data: data21 }];
                                                                            return false;
                                                                          }
                                                                        }
                                                                      } else {
                                                                        validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/platform", schemaPath: "#/properties/files/items/properties/platform/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.files.items.properties.platform.type, parentSchema: schema19.properties.files.items.properties.platform, data: data21 }];
                                                                        return false;
                                                                      }
                                                                    }
                                                                    var valid3 = _errs37 === errors;
                                                                  } else {
                                                                    var valid3 = true;
                                                                  }
                                                                  if (valid3) {
                                                                    if (data19.libc !== void 0) {
                                                                      let data22 = data19.libc;
                                                                      const _errs39 = errors;
                                                                      if (!(data22 === "glibc" || data22 === "musl" || data22 === "static")) {
                                                                        validate52.errors = [{ instancePath: instancePath + "/files/" + i1 + "/libc", schemaPath: "#/properties/files/items/properties/libc/enum", keyword: "enum", params: { allowedValues: schema19.properties.files.items.properties.libc.enum }, message: "must be equal to one of the allowed values", schema: schema19.properties.files.items.properties.libc.enum, parentSchema: schema19.properties.files.items.properties.libc, data: data22 }];
                                                                        return false;
                                                                      }
                                                                      var valid3 = _errs39 === errors;
                                                                    } else {
                                                                      var valid3 = true;
                                                                    }
                                                                  }
                                                                }
                                                              }
                                                            }
                                                          } else {
                                                            validate52.errors = [{ instancePath: instancePath + "/files/" + i1, schemaPath: "#/properties/files/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.files.items.type, parentSchema: schema19.properties.files.items, data: data19 }];
                                                            return false;
                                                          }
                                                        }
                                                        var valid2 = _errs32 === errors;
                                                        if (!valid2) {
                                                          break;
                                                        }
                                                      }
                                                    }
                                                  }
                                                } else {
                                                  validate52.errors = [{ instancePath: instancePath + "/files", schemaPath: "#/properties/files/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.files.type, parentSchema: schema19.properties.files, data: data18 }];
                                                  return false;
                                                }
                                              }
                                              var valid0 = _errs30 === errors;
                                            } else {
                                              var valid0 = true;
                                            }
                                            if (valid0) {
                                              if (data.documents !== void 0) {
                                                let data23 = data.documents;
                                                const _errs40 = errors;
                                                if (errors === _errs40) {
                                                  if (Array.isArray(data23)) {
                                                    if (data23.length > 64) {
                                                      validate52.errors = [{ instancePath: instancePath + "/documents", schemaPath: "#/properties/documents/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items", schema: 64, parentSchema: schema19.properties.documents, data: data23 }];
                                                      return false;
                                                    } else {
                                                      var valid4 = true;
                                                      const len2 = data23.length;
                                                      for (let i2 = 0; i2 < len2; i2++) {
                                                        let data24 = data23[i2];
                                                        const _errs42 = errors;
                                                        if (errors === _errs42) {
                                                          if (typeof data24 === "string") {
                                                            if (data24.length > 4096 && func2(data24) > 4096) {
                                                              validate52.errors = [{ instancePath: instancePath + "/documents/" + i2, schemaPath: "#/properties/documents/items/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters", schema: 4096, parentSchema: schema19.properties.documents.items, data: data24 }];
                                                              return false;
                                                            } else {
                                                              if (data24.length < 2 && func2(data24) < 1) {
                                                                validate52.errors = [{ instancePath: instancePath + "/documents/" + i2, schemaPath: "#/properties/documents/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.documents.items, data: data24 }];
                                                                return false;
                                                              }
                                                            }
                                                          } else {
                                                            validate52.errors = [{ instancePath: instancePath + "/documents/" + i2, schemaPath: "#/properties/documents/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.documents.items.type, parentSchema: schema19.properties.documents.items, data: data24 }];
                                                            return false;
                                                          }
                                                        }
                                                        var valid4 = _errs42 === errors;
                                                        if (!valid4) {
                                                          break;
                                                        }
                                                      }
                                                    }
                                                  } else {
                                                    validate52.errors = [{ instancePath: instancePath + "/documents", schemaPath: "#/properties/documents/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.documents.type, parentSchema: schema19.properties.documents, data: data23 }];
                                                    return false;
                                                  }
                                                }
                                                var valid0 = _errs40 === errors;
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
  validatePublish
};

function lazyPattern(source, flags) {
  let made;
  return { test: (text) => (made ??= new RegExp(source, flags)).test(text) };
}
