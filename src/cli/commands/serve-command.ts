import type { Command } from "commander";
import { contextOf } from "../context.js";
import { addHttpOptions, httpFlags } from "../http-options.js";

const PORT = 8765;

export function addServeCommand(program: Command): void {
  const command = program
    .command("serve")
    .description("answer over HTTP: for #leansearch, scripts and other programs")
    .addHelpText(
      "after",
      `
POST /search answers as leansearch.net does. Our own API is described at /api/v1/openapi.json;
/health, /ready and /metrics are for operators. Clients present the secret in LEMMASCOPE_TOKEN,
where it is set: Authorization: Bearer SECRET. Ctrl-C lets requests finish and ends the server.

Examples:
  lemmascope serve --port ${PORT}
  LEANSEARCHCLIENT_LEANSEARCH_API_URL=http://127.0.0.1:${PORT}/search lake env lean File.lean
  LEMMASCOPE_TOKEN=$(openssl rand -hex 32) lemmascope serve --host 0.0.0.0`,
    )
    .action(async (_options: unknown, self: Command) => {
      const flags = httpFlags.parse(self.opts());
      const context = contextOf(self);
      // Only who serves loads a server.
      const [{ MOST_BYTES, runHttpServer }, { createEndpoints }] = await Promise.all([
        import("../http-server.js"),
        import("../../http/endpoints.js"),
      ]);
      await runHttpServer(context, flags, ({ search: service, premises }) => ({
        addRoutes: ({ app, metrics }) => {
          const { logger } = context;
          const parts = { service, premises, metrics, logger, mostBytes: MOST_BYTES };
          app.route("/", createEndpoints(parts));
        },
        announcement: (address) => `Listening on ${address}, POST ${address}/search.`,
      }));
    });
  addHttpOptions(command, PORT);
}
