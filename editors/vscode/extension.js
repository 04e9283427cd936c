// Starts `gainsay lsp` for claim files. What the server can do, VS Code's own client library brings to the editor.
"use strict";

const vscode = require("vscode");
const { LanguageClient, RevealOutputChannelOn, TransportKind } = require("vscode-languageclient/node");

let client;
/** Starts and stops come one after the other, however fast somebody clicks. */
let last = Promise.resolve();

function then(step) {
  last = last.then(step, step);
  return last;
}

function settings() {
  return vscode.workspace.getConfiguration("gainsay");
}

/** What the server is told: the settings that are its own. */
function forServer() {
  const said = settings();
  return { claims: said.get("claims"), texts: said.get("texts"), inlayHints: said.get("inlayHints") };
}

function made() {
  const command = settings().get("path") || "gainsay";
  const files = settings().get("files");
  return new LanguageClient(
    "gainsay",
    "gainsay",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: files.map((pattern) => ({ scheme: "file", language: "yaml", pattern })),
      initializationOptions: forServer(),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
    },
  );
}

async function start() {
  client = made();
  try {
    await client.start();
  } catch (error) {
    const command = settings().get("path");
    const choice = await vscode.window.showErrorMessage(
      `gainsay: \`${command} lsp\` did not start: ${error.message ?? error}. ` +
        "Install it with `cargo install --path .`, or say in the settings where it lies.",
      "Settings",
    );
    if (choice) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "gainsay.path");
    }
  }
}

async function stop() {
  const stopping = client;
  client = undefined;
  if (!stopping) return;
  try {
    await stopping.dispose();
  } catch {
    // It had never started, or has gone by itself.
  }
}

exports.activate = function (context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("gainsay.restart", async () => {
      await then(stop);
      then(start);
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (["path", "files", "claims", "texts"].some((key) => event.affectsConfiguration(`gainsay.${key}`))) {
        await then(stop);
        then(start);
      } else if (event.affectsConfiguration("gainsay") && client?.isRunning()) {
        const params = { settings: { gainsay: forServer() } };
        await client.sendNotification("workspace/didChangeConfiguration", params);
      }
    }),
  );
  // Not waited for: an error that nobody has read yet holds up nothing.
  then(start);
};

exports.deactivate = function () {
  return then(stop);
};
