import { flushCompileCache } from "node:module";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { grpcService } from "./grpc-service.ts";
import type { Provider } from "./provider.ts";
import { ProviderRuntime } from "./runtime.ts";

/** Files uploaded into containers travel inside one message; the engine allows as much. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** How often the plugin looks whether the engine that started it is still alive, in milliseconds. */
const PARENT_CHECK_INTERVAL = 500;

/** When the code compiled at start is kept for the next start, in milliseconds after it. */
const FLUSH_DELAY = 300;

/** Serves a provider on a free local port and prints the port, which is how the engine finds a plugin. */
export function serve<Client>(provider: Provider<Client>): void {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(
    providerGrpc.ResourceProviderService,
    grpcService(new ProviderRuntime(provider), provider),
  );
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  exitWithParent();
  keepCompiledCode();
}

/** The engine ends its plugins by a kill, so the code cache would never be written at a normal exit. */
function keepCompiledCode(): void {
  setTimeout(() => flushCompileCache(), FLUSH_DELAY).unref();
}

/** A killed engine cannot stop its plugins, and one that goes on creating things would disturb the next run. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, PARENT_CHECK_INTERVAL).unref();
}
