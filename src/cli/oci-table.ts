import { type Entry, entry, group } from "./entries.ts";
import { LOGIN, LOGOUT, registryEntry } from "./registry-table.ts";

/** Anything in a registry, an OCI layout or a tar of one; `pkg oci --help` lists them in this order. */
export const OCI: Entry = group("oci", "Anything in registries, OCI layouts and archives", [
  registryEntry("push <reference> [files..]", "Push files as an artifact", () => import("../commands/oci/push.ts")),
  registryEntry("pull <reference>", "Pull the files of an artifact", () => import("../commands/oci/pull.ts")),
  registryEntry(
    "attach <reference> [files..]",
    "Push files that refer to another artifact",
    () => import("../commands/oci/attach.ts"),
  ),
  registryEntry(
    "referrers <reference>",
    "Show what refers to an artifact",
    () => import("../commands/oci/referrers.ts"),
  ),
  registryEntry(
    ["copy <source> <target>", "cp"],
    "Copy between registries, layouts and archives",
    () => import("../commands/oci/copy.ts"),
  ),
  registryEntry(
    "resolve <reference>",
    "Print the digest that a reference names",
    () => import("../commands/oci/resolve.ts"),
  ),
  registryEntry("tag <reference> <tags..>", "Give tags to a manifest", () => import("../commands/oci/tag.ts")),
  registryEntry("tags <reference>", "List tags", () => import("../commands/oci/tags.ts")),
  registryEntry(
    "catalog <registry>",
    "List the repositories of a registry",
    () => import("../commands/oci/catalog.ts"),
  ),
  group("manifest", "Fetch, push, delete and inspect manifests", [
    registryEntry(
      "fetch <reference>",
      "Print a manifest, byte for byte",
      () => import("../commands/oci/manifest-fetch.ts"),
    ),
    registryEntry(
      "push <reference> <file>",
      "Push a manifest from a file",
      () => import("../commands/oci/manifest-push.ts"),
    ),
    registryEntry(
      "delete <reference>",
      "Delete a tag, or a manifest by its digest",
      () => import("../commands/oci/manifest-delete.ts"),
    ),
    registryEntry("inspect <reference>", "Explain a manifest", () => import("../commands/oci/manifest-inspect.ts")),
  ]),
  group("blob", "Fetch, push, delete and check blobs", [
    registryEntry("fetch <reference>", "Fetch a blob by its digest", () => import("../commands/oci/blob-fetch.ts")),
    registryEntry("push <reference> <file>", "Push a file as a blob", () => import("../commands/oci/blob-push.ts")),
    registryEntry("delete <reference>", "Delete a blob", () => import("../commands/oci/blob-delete.ts")),
    registryEntry("exists <reference>", "Check whether a blob exists", () => import("../commands/oci/blob-exists.ts")),
  ]),
  group("index", "Make and change image indexes", [
    registryEntry(
      "create <reference> [manifests..]",
      "Make an image index from manifests",
      () => import("../commands/oci/index-create.ts"),
    ),
    registryEntry(
      "add <reference> <manifests..>",
      "Add manifests to an image index",
      () => import("../commands/oci/index-add.ts"),
    ),
    registryEntry(
      "remove <reference> <manifests..>",
      "Remove manifests from an image index",
      () => import("../commands/oci/index-remove.ts"),
    ),
  ]),
  group("layout", "Look after an OCI layout directory", [
    entry(
      "verify <directory>",
      "Hash every blob and follow every reference",
      () => import("../commands/oci/layout-verify.ts"),
    ),
    entry(["ls <directory>", "list"], "List what a layout holds", () => import("../commands/oci/layout-ls.ts")),
    entry("gc <directory>", "Delete blobs that nothing refers to", () => import("../commands/oci/layout-gc.ts")),
  ]),
  registryEntry("diff <left> <right>", "Show how two references differ", () => import("../commands/oci/diff.ts")),
  LOGIN,
  LOGOUT,
]);
