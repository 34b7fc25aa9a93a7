// Where the language server is: a program to start, tried before it is used. Knows no editor.

import { spawn } from "node:child_process";
import { homedir } from "node:os";

import { located, type Search } from "./program";

/** A program and its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** What the user or other extensions have chosen; "" for nothing. */
export interface Chosen {
  readonly path: string;
  readonly interpreter: string;
  /** The interpreter of the Python extension. */
  readonly active: string;
}

/** How a command was tried: `problem` is "" where it can be used. */
export interface Tried {
  readonly command: Command;
  readonly problem: string;
}

/** Where a server runs: not in the workspace, whose files it would find there before others. */
export const FOLDER = homedir();

const PATIENCE = 30_000; // a cold disk and a virus scanner, in milliseconds

/** `convcalc lsp` of an interpreter; -P: a folder `convcalc` of the workspace is not imported. */
export function ofInterpreter(python: string): Command {
  return { command: python, args: ["-P", "-m", "convcalc", "lsp"] };
}

/** `convcalc lsp` of a program. */
export function ofProgram(path: string): Command {
  return { command: path, args: ["lsp"] };
}

/** The commands to try, in order. What the user has set is the only one. */
export function candidates(chosen: Chosen): readonly Command[] {
  if (chosen.path !== "") {
    return [ofProgram(chosen.path)];
  }
  if (chosen.interpreter !== "") {
    return [ofInterpreter(chosen.interpreter)];
  }
  const active = chosen.active === "" ? [] : [ofInterpreter(chosen.active)];
  return [...active, ofProgram("convcalc")];
}

/** Start a server without an editor: it ends at once, and well, if it has all that it needs. */
export function tried(command: Command, patience: number = PATIENCE): Promise<Tried> {
  return new Promise((resolve) => {
    const child = spawn(command.command, command.args, {
      cwd: FOLDER,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    const timer = setTimeout(() => {
      child.kill();
      resolve({ command, problem: `no answer within ${patience / 1000} s` });
    }, patience);
    const end = (problem: string) => {
      clearTimeout(timer);
      resolve({ command, problem });
    };
    child.stderr.on("data", (data: Buffer) => {
      said = (said + data.toString("utf8")).slice(-4000);
    });
    child.on("error", (error) => end(error.message));
    child.on("close", (code) => end(code === 0 ? "" : lastLine(said) || `exit code ${code}`));
  });
}

/** The first command that can be used, its program named in full, or what is wrong with each. */
export async function find(chosen: Chosen, search: Search): Promise<Command | readonly Tried[]> {
  const failed: Tried[] = [];
  for (const command of candidates(chosen)) {
    const program = located(command.command, search);
    if (program === "") {
      failed.push({ command, problem: "not in a folder of PATH that is named in full" });
      continue;
    }
    const result = await tried({ ...command, command: program });
    if (result.problem === "") {
      return result.command;
    }
    failed.push(result);
  }
  return failed;
}

/** Both as one line. */
export function written(command: Command): string {
  return [command.command, ...command.args].join(" ");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
