import manifest from "../package.json" with { type: "json" };
import lock from "../package-lock.json" with { type: "json" };

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * What is in the program for one processor, as a bill of materials: the runtime packages of package-lock.json, that processor's addons, and
 * its Node. The same lock file gives the same document.
 *
 * @see CycloneDX 1.6, "components"
 */
export function programSbom(arch: string): object {
  const packages: readonly (readonly [string, LockedPackage])[] = Object.entries(lock.packages);
  const components = packages
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .filter(([path, { optional }]) => optional !== true || isFor(path, arch))
    .map(([path, locked]) => component(path, locked));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        name: manifest.name,
        version: manifest.version,
        licenses: licenses(manifest.license),
      },
    },
    components,
  };
}

function isFor(path: string, arch: string): boolean {
  return new RegExp(`/node-linux-${arch}$|-linux-${arch}-gnu$`).test(path);
}

function component(path: string, { version, integrity, license }: LockedPackage): object {
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const [algorithm, hash] = integrity?.split("-", 2) ?? [];
  const hashes =
    algorithm === "sha512" ? [{ alg: "SHA-512", content: Buffer.from(hash ?? "", "base64").toString("hex") }] : [];
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    purl,
    hashes,
    ...(license === undefined ? {} : { licenses: licenses(license) }),
  };
}

function licenses(license: string): readonly object[] {
  return /[ ()]/.test(license) ? [{ expression: license }] : [{ license: { id: license } }];
}
