// Where a program is, in full. A bare name is not left to the system: Windows looks for it in the
// working folder first, as PATH does elsewhere with an empty entry, and what lies there may have
// come with the files that are opened. Knows no editor.

import { accessSync, constants, lstatSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";

/** Where programs are looked for. */
export interface Search {
  /** Folders, as PATH has them. */
  readonly path: string;
  /** Folders of which nothing is taken: those of a workspace that is not trusted. */
  readonly strangers: readonly string[];
}

const WINDOWS = process.platform === "win32";

/** The full name of a program; "" for none. */
export function located(program: string, search: Search): string {
  if (path.isAbsolute(program)) {
    return program;
  }
  if (path.basename(program) !== program) {
    return ""; // a path from a folder that nobody has named
  }
  const name = WINDOWS && path.extname(program) === "" ? `${program}.exe` : program;
  const folders = search.path.split(path.delimiter).map((folder) => folder.replace(/^"(.*)"$/, "$1"));
  const files = folders.filter((folder) => path.isAbsolute(folder)).map((folder) => path.join(folder, name));
  return files.find((file) => isProgram(file) && !isBelow(file, search.strangers)) ?? "";
}

function isProgram(file: string): boolean {
  try {
    if (WINDOWS) {
      return !lstatSync(file).isDirectory(); // the Store's programs can be started, not opened
    }
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isBelow(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) =>
    [file, real(file)].some((name) =>
      [folder, real(folder)].some((top) => {
        const way = path.relative(top, name);
        return way.split(path.sep)[0] !== ".." && !path.isAbsolute(way);
      }),
    ),
  );
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
