// Drives `gainsay lsp` with the libraries that VS Code speaks to language servers with: framing, encodings,
// cancellation and the shapes of the protocol are theirs. Argument: the program. The folder is in
// $WORKSPACE, the file for the answers in $ANSWERS.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const lsp = require("vscode-languageserver-protocol/node");

const program = process.argv[2];
const { WORKSPACE: root, ANSWERS: answers } = process.env;
const seen = {};
const uri = (file) => pathToFileURL(path.join(root, file)).href;

const server = spawn(program, ["lsp"], { stdio: ["pipe", "pipe", "inherit"], cwd: root });
const connection = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout),
  new lsp.StreamMessageWriter(server.stdin),
);
const failed = (error) => {
  seen.error ??= String(error?.stack ?? error);
  fs.writeFileSync(answers, JSON.stringify(seen));
  server.kill();
  process.exit(1);
};
connection.onError(failed);
connection.onUnhandledNotification((it) => (seen.unhandled ??= []).push(it.method));
process.on("uncaughtException", failed);
process.on("unhandledRejection", failed);

/** Counts what the server asks for, and wakes who waits for it. */
let refreshes = 0;
let wake = () => {};
connection.onRequest(lsp.DiagnosticRefreshRequest.type, () => {
  refreshes += 1;
  wake();
});
const pushed = [];
connection.onNotification(lsp.PublishDiagnosticsNotification.type, (it) => pushed.push(it));
const refreshed = async (before) => {
  while (refreshes === before) await new Promise((resolve) => (wake = resolve));
};

async function drive() {
  connection.listen();
  const hello = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(root).href, name: "workspace" }],
    initializationOptions: { claims: "", texts: "", inlayHints: true },
    trace: "verbose",
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: { diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false } },
      workspace: { diagnostics: { refreshSupport: true }, workspaceFolders: true, configuration: true },
    },
  });
  seen.encoding = hello.capabilities.positionEncoding;
  seen.commands = hello.capabilities.executeCommandProvider.commands;
  await connection.sendNotification(lsp.InitializedNotification.type, {});

  const file = "claims/two.yaml";
  const text = fs.readFileSync(path.join(root, file), "utf8");
  await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
    textDocument: { uri: uri(file), languageId: "yaml", version: 1, text },
  });
  const pull = (of, previousResultId) =>
    connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: { uri: uri(of) }, previousResultId });
  const before = await pull(file);
  seen.before = before.items;
  seen.unchanged = (await pull(file, before.resultId)).kind;

  // Type after characters outside of the basic plane, which count as two UTF-16 units.
  const count = refreshes;
  const lines = text.split(/\r\n/);
  const line = lines.findIndex((it) => it.includes("at least 90"));
  const character = lines[line].indexOf("at least 90");
  const range = { start: { line, character }, end: { line, character: character + "at least 90".length } };
  await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri: uri(file), version: 2 },
    contentChanges: [{ range, text: "36" }],
  });
  const clash = await pull(file, before.resultId);
  seen.clash = clash.items;
  seen.marked = clash.items.map((it) => lines[line].slice(0, character).concat("36").slice(it.range.start.character));
  await refreshed(count);
  seen.other = (await pull("claims/one.yaml")).items;

  // A request that is cancelled at once is answered, possibly with its result; the server goes on.
  const source = new lsp.CancellationTokenSource();
  const asked = connection.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: "raid" }, source.token);
  source.cancel();
  seen.cancelled = await asked.then(
    () => "answered",
    (error) => error.code,
  );
  const all = await connection.sendRequest(lsp.WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  seen.all = all.items.map((it) => path.basename(it.uri));

  const at = (of, wanted) => {
    const lines = fs.readFileSync(path.join(root, of), "utf8").split(/\r?\n/);
    const line = lines.findIndex((it) => it.includes(wanted));
    return { textDocument: { uri: uri(of) }, position: { line, character: lines[line].indexOf(wanted) + wanted.length - 1 } };
  };
  seen.hover = await connection.sendRequest(lsp.HoverRequest.type, at("claims/one.yaml", "about: raid"));
  seen.definition = await connection.sendRequest(lsp.DefinitionRequest.type, at(file, "about: raid"));
  seen.references = await connection.sendRequest(lsp.ReferencesRequest.type, {
    ...at("claims/people.yaml", "raid"),
    context: { includeDeclaration: true },
  });
  seen.completion = await connection.sendRequest(lsp.CompletionRequest.type, at("claims/one.yaml", "by: n"));
  seen.rename = await connection.sendRequest(lsp.RenameRequest.type, {
    ...at(file, "about: raid"),
    newName: "strike",
  });
  seen.tokens = await connection
    .sendRequest("textDocument/semanticTokens/full", { textDocument: { uri: uri(file) } })
    .then(() => "answered", (error) => error.code);

  seen.pushed = pushed.length;
  await connection.sendRequest(lsp.ShutdownRequest.type);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  await connection.sendNotification(lsp.ExitNotification.type);
  seen.code = await ended;
}

drive().then(() => {
  fs.writeFileSync(answers, JSON.stringify(seen));
  process.exit(0);
}, failed);
