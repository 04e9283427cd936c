// Starts `gainsay lsp` for claim files. VS Code's client library connects its features to the editor.
"use strict";

const vscode = require("vscode");
const { LanguageClient, RevealOutputChannelOn, TransportKind } = require("vscode-languageclient/node");

let client;
/** The last start or stop. They run one after the other, even if the user clicks fast. */
let last = Promise.resolve();

function enqueue(step) {
  last = last.then(step, step);
  return last;
}

function settings() {
  return vscode.workspace.getConfiguration("gainsay");
}

/** The settings that the server gets. */
function serverSettings() {
  const all = settings();
  return {
    claims: all.get("claims"),
    texts: all.get("texts"),
    reviewer: all.get("reviewer"),
    inlayHints: all.get("inlayHints"),
  };
}

function newClient() {
  const command = settings().get("path") || "gainsay";
  const files = settings().get("files");
  return new LanguageClient(
    "gainsay",
    "gainsay",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: files.map((pattern) => ({ scheme: "file", language: "yaml", pattern })),
      initializationOptions: serverSettings(),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
    },
  );
}

async function start() {
  client = newClient();
  try {
    await client.start();
  } catch (error) {
    const command = settings().get("path");
    const choice = await vscode.window.showErrorMessage(
      `gainsay: \`${command} lsp\` did not start: ${error.message ?? error}. ` +
        "Install it with `cargo install --path .`, or set its path in the settings.",
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
    // It never started, or it stopped by itself.
  }
}

exports.activate = function (context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("gainsay.restart", async () => {
      await enqueue(stop);
      enqueue(start);
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (["path", "files", "claims", "texts"].some((key) => event.affectsConfiguration(`gainsay.${key}`))) {
        await enqueue(stop);
        enqueue(start);
      } else if (event.affectsConfiguration("gainsay") && client?.isRunning()) {
        const params = { settings: { gainsay: serverSettings() } };
        await client.sendNotification("workspace/didChangeConfiguration", params);
      }
    }),
  );
  // Do not wait for it: an error message that is still open must not block the activation.
  enqueue(start);
};

exports.deactivate = function () {
  return enqueue(stop);
};
