// The server as the extension finds and starts it. CONVCALC_PYTHON names an interpreter that has
// convcalc[lsp]; without it the one on PATH is taken.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import {
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  InlayHintRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type PublishDiagnosticsParams,
} from "vscode-languageserver-protocol/node";

import manifest from "../package.json";
import { located } from "../src/program";
import { candidates, find, ofInterpreter, ofProgram, tried } from "../src/server";
import { KEYS, wanted } from "../src/settings";

const python = process.env.CONVCALC_PYTHON ?? "python3";
const search = { path: process.env.PATH ?? "", strangers: [] };
const nothing = { path: "", interpreter: "", active: "" };
const defaults: Record<string, unknown> = Object.fromEntries(
  Object.entries(manifest.contributes.configuration.properties).map(([key, value]) => [
    key.replace("convcalc.", ""),
    value.default,
  ]),
);

test("what the user has set is the only candidate, else the chosen interpreter, then PATH", () => {
  assert.deepEqual(candidates({ path: "/a/convcalc", interpreter: "/b", active: "/c" }), [
    ofProgram("/a/convcalc"),
  ]);
  assert.deepEqual(candidates({ path: "", interpreter: "/b", active: "/c" }), [ofInterpreter("/b")]);
  assert.deepEqual(candidates({ ...nothing, active: "/c" }), [
    ofInterpreter("/c"),
    ofProgram("convcalc"),
  ]);
  assert.deepEqual(candidates(nothing), [ofProgram("convcalc")]);
});

test("what cannot be started is named with its reason", async () => {
  const missing = await tried(ofProgram("/no/such/convcalc"));
  assert.match(missing.problem, /ENOENT/);
  const other = await tried({ command: process.execPath, args: ["-e", "console.error('no pygls'); process.exit(2)"] });
  assert.equal(other.problem, "no pygls");
  const hangs = await tried({ command: process.execPath, args: ["-e", "setInterval(() => 0, 1000)"] }, 500);
  assert.match(hangs.problem, /no answer/);
  const found = await find({ ...nothing, path: "/no/such/convcalc" }, search);
  assert.ok(Array.isArray(found) && found.length === 1);
});

test("a program of the opened folder is not taken for the one on PATH", async () => {
  const name = process.platform === "win32" ? "convcalc.exe" : "convcalc";
  const top = mkdtempSync(join(tmpdir(), "convcalc-"));
  const workspace = join(top, "workspace");
  const elsewhere = join(top, "elsewhere");
  const way = join(top, "way");
  for (const folder of [workspace, elsewhere, way]) {
    mkdirSync(folder);
  }
  for (const folder of [workspace, elsewhere]) {
    writeFileSync(join(folder, name), "#!/bin/sh\nexit 0\n");
    chmodSync(join(folder, name), 0o755);
  }
  symlinkSync(join(workspace, name), join(way, name));
  writeFileSync(join(top, name), "no program", { mode: 0o644 });
  const all = ["", ".", "workspace", way, workspace, elsewhere].join(delimiter);
  const before = process.cwd();
  process.chdir(workspace);
  try {
    assert.equal(located("convcalc", { path: all, strangers: [workspace] }), join(elsewhere, name));
    assert.equal(located("convcalc", { path: all, strangers: [] }), join(way, name));
    for (const none of ["", ".", `.${delimiter}workspace`, workspace, join(top, "nowhere")]) {
      assert.equal(located("convcalc", { path: none, strangers: [workspace] }), "");
      const found = await find(nothing, { path: none, strangers: [workspace] });
      assert.ok(!("command" in found) && /named in full/.test(found[0]?.problem ?? ""));
    }
    for (const relative of ["./convcalc", "../elsewhere/convcalc", "."]) {
      assert.equal(located(relative, { path: elsewhere, strangers: [] }), "");
    }
    if (process.platform !== "win32") {
      assert.equal(located("convcalc", { path: top, strangers: [] }), "");
      const found = await find(nothing, { path: all, strangers: [workspace] });
      assert.deepEqual(found, ofProgram(join(elsewhere, name)));
    }
  } finally {
    process.chdir(before);
  }
});

test("the server gets its own settings and none of the extension's", () => {
  const sent = wanted({ get: (key) => defaults[key] });
  assert.deepEqual(Object.keys(sent), [...KEYS]);
  assert.deepEqual(sent, { inlayHints: ["output"], device: "", settings: {} });
});

test("the server that is found checks a spec and shows its shapes", async () => {
  const found = await find({ ...nothing, interpreter: python }, search);
  assert.ok("command" in found, JSON.stringify(found));
  const server = spawn(found.command, found.args, { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const complaints: string[] = [];
  connection.onNotification("window/showMessage", (params: { message: string }) => {
    complaints.push(params.message);
  });
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions: wanted({ get: (key) => defaults[key] }),
  });
  await connection.sendNotification(InitializedNotification.type, {});
  await connection.sendNotification(DidChangeConfigurationNotification.type, {
    settings: { convcalc: wanted({ get: (key) => defaults[key] }) },
  });
  const shown = new Promise<PublishDiagnosticsParams>((resolve) => {
    connection.onNotification(PublishDiagnosticsNotification.type, resolve);
  });
  const uri = "file:///net.convcalc.yaml";
  const text = "input: 32x32x3\nlayers:\n  - conv3-16\n  - rellu\n";
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "convcalc", version: 1, text },
  });
  assert.deepEqual((await shown).diagnostics.map((one) => one.code), ["CC011"]);
  const hints = await connection.sendRequest(InlayHintRequest.type, {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
  });
  assert.deepEqual(hints?.map((hint) => hint.label), ["→ 32x32x16"]);
  assert.deepEqual(complaints, []);
  const ended = new Promise((resolve) => server.on("close", resolve));
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  assert.equal(await ended, 0);
  connection.dispose();
});
