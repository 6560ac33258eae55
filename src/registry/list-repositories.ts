import { type RootPath, rootPath } from "./root-path.ts";
import { type StoragePaths, unescapeComponent } from "./storage-paths.ts";

interface Folder {
  readonly path: RootPath;
  /** The name that it would have as a repository; empty for the directory that holds them all. */
  readonly name: string;
}

/** A directory that belongs to a repository of this name. */
export interface RepositoryFolder {
  readonly name: string;
  /** False while only blobs have been pushed to it. */
  readonly isIndexed: boolean;
}

/** Names of the repositories that have an index, in byte order. */
export async function listIndexedRepositories(paths: StoragePaths): Promise<readonly string[]> {
  const folders = await listFolders(paths);
  return folders.filter(({ isIndexed }) => isIndexed).map(({ name }) => name);
}

/** Every directory that could be a repository's, by name. */
export async function listFolders({ files, repositories }: StoragePaths): Promise<readonly RepositoryFolder[]> {
  const found: RepositoryFolder[] = [];
  const waiting: Folder[] = [{ path: repositories, name: "" }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { path, name } = folder;
    const entries = await files.list(path);
    const isIndexed = entries.some((entry) => entry.isFile() && entry.name === "index.json");
    if (name !== "") found.push({ name, isIndexed });
    for (const entry of entries) {
      const component = entry.isDirectory() ? unescapeComponent(entry.name) : null;
      if (component === null) continue;
      waiting.push({ path: rootPath(path, entry.name), name: name === "" ? component : `${name}/${component}` });
    }
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
