import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";

/** Tells progress to a client that wants to hear of it. @param words what to say of it. */
export function progressTeller<Progress>(
  {
    _meta: meta,
    sendNotification,
  }: Pick<RequestHandlerExtra<ServerRequest, ServerNotification>, "_meta" | "sendNotification">,
  words: (progress: Progress) => string,
): ((progress: Progress) => void) | undefined {
  const token = meta?.progressToken;
  if (token === undefined) return undefined;
  let told = 0;
  return (progress) => {
    // How much is left is not known; what is told must only ever rise.
    const params = { progressToken: token, progress: (told += 1), message: words(progress) };
    // A client that is gone hears nothing.
    sendNotification({ method: "notifications/progress", params }).catch(() => undefined);
  };
}
