// A thin client: finds the server, starts it, passes on the settings. All else is the server's.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

import type { Search } from "./program";
import { find, FOLDER, written, type Chosen, type Command } from "./server";
import { wanted } from "./settings";

const INSTALL = "pip install 'convcalc[lsp]'";
const SETTINGS = "Open the settings";
const AGAIN = "Try again";

/** What this extension uses of the Python extension, which need not be there. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(): { readonly path: string };
    resolveEnvironment(path: unknown): Promise<
      { readonly executable: { readonly uri?: vscode.Uri } } | undefined
    >;
    readonly onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

let client: LanguageClient | undefined;
let output: vscode.OutputChannel;
/** Starts and stops follow each other: never two at once. */
let last: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("convcalc");
  const python = await pythonApi();
  const again = () => restart(python);
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("convcalc.restart", again),
    vscode.commands.registerCommand("convcalc.output", () => output.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(again),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("convcalc.server")) {
        await again();
      } else if (event.affectsConfiguration("convcalc") && client?.isRunning()) {
        const settings = { convcalc: wanted(vscode.workspace.getConfiguration("convcalc")) };
        await client.sendNotification("workspace/didChangeConfiguration", { settings });
      }
    }),
  );
  const changed = python?.environments.onDidChangeActiveEnvironmentPath;
  if (changed !== undefined) {
    context.subscriptions.push(changed(again));
  }
  await again();
}

export async function deactivate(): Promise<void> {
  await last;
  await stop();
}

function restart(python: PythonApi | undefined): Promise<void> {
  last = last.then(stop).then(() => start(python));
  return last;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(python: PythonApi | undefined): Promise<void> {
  const found = await find(await chosen(python), search());
  if (!("command" in found)) {
    for (const { command, problem } of found) {
      output.appendLine(`${written(command)}: ${problem}`);
    }
    void complain(python);
    return;
  }
  output.appendLine(`starting ${written(found)}`);
  client = new LanguageClient("convcalc", "convcalc", executable(found), options());
  try {
    await client.start();
  } catch (error) {
    output.appendLine(String(error));
    void complain(python);
  }
}

function executable(command: Command) {
  return { command: command.command, args: [...command.args], options: { cwd: FOLDER } };
}

function search(): Search {
  const folders = vscode.workspace.isTrusted ? [] : (vscode.workspace.workspaceFolders ?? []);
  const strangers = folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
  return { path: process.env.PATH ?? "", strangers };
}

function options(): LanguageClientOptions {
  return {
    documentSelector: [{ language: "convcalc" }, { language: "yaml" }],
    initializationOptions: wanted(vscode.workspace.getConfiguration("convcalc")),
    outputChannel: output,
  };
}

async function complain(python: PythonApi | undefined): Promise<void> {
  if (!vscode.workspace.textDocuments.some(isSpec)) {
    return; // whoever reads other YAML has not asked for anything
  }
  const text = `convcalc: no language server could be started. ${INSTALL}, or say where it is.`;
  const answer = await vscode.window.showErrorMessage(text, AGAIN, SETTINGS);
  if (answer === AGAIN) {
    await restart(python);
  } else if (answer === SETTINGS) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "convcalc.server");
  }
}

function isSpec(document: vscode.TextDocument): boolean {
  const yaml = document.languageId === "yaml" && /^(layers|blocks)\s*:/m.test(document.getText());
  return yaml || document.languageId === "convcalc";
}

async function chosen(python: PythonApi | undefined): Promise<Chosen> {
  const settings = vscode.workspace.getConfiguration("convcalc.server");
  return {
    path: settings.get<string>("path", ""),
    interpreter: settings.get<string>("interpreter", ""),
    active: await activeInterpreter(python),
  };
}

async function pythonApi(): Promise<PythonApi | undefined> {
  try {
    return await vscode.extensions.getExtension<PythonApi>("ms-python.python")?.activate();
  } catch {
    return undefined;
  }
}

/** The interpreter of the Python extension; "" where none is chosen, or the folder is not trusted. */
async function activeInterpreter(python: PythonApi | undefined): Promise<string> {
  if (python === undefined || !vscode.workspace.isTrusted) {
    return "";
  }
  try {
    const path = python.environments.getActiveEnvironmentPath();
    const found = await python.environments.resolveEnvironment(path);
    return found?.executable.uri?.fsPath ?? "";
  } catch {
    return "";
  }
}
