// The npm library `cisco-axl`, as it comes, behind lines of JSON: one call in, one answer out.
//
//   node drive_node.mjs FOLDER_OF_THE_PACKAGE
//
// in:  {"host", "user", "password", "version", "operation", "request"}
// out: {"answer"} | {"fault": {"code", "text"}} | {"failed": "what the library said"}

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const AxlService = createRequire(`${process.argv[2]}/`)("cisco-axl");

let answered = () => {};
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// The library reads a fault out of every error, also of one that has none, and dies of it outside its promise.
process.on("uncaughtException", (error) => answered({ failed: String(error) }));

function outcome(error) {
  const axl = error?.detail?.axlError;
  if (axl) return { fault: { code: axl.axlcode, text: axl.axlmessage } };
  return { failed: String(error?.message ?? error) };
}

const call = ({ host, user, password, version, operation, request }) =>
  new Promise((resolve) => {
    answered = resolve;
    new AxlService(host, user, password, version)
      .executeOperation(operation, request)
      .then((answer) => resolve({ answer: answer ?? null }), (error) => resolve(outcome(error)));
  });

for await (const line of createInterface({ input: process.stdin })) {
  say(await call(JSON.parse(line)));
}
