import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { z } from "zod";
import { llmSection, type LlmProfile, type LlmSettings } from "../../src/config/llm-settings.js";
import type { Chat, ChatAnswer, ChatRequest } from "../../src/llm/chat.js";
import { openChat, type OpenChatOptions } from "../../src/llm/open-chat.js";
import { FakeChatServer } from "./fake-chat-server.js";

export const verdictSchema = z.object({
  verdict: z.enum(["yes", "no"]),
  score: z.number().min(0).max(1),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const GOOD: Verdict = { verdict: "yes", score: 0.5 };

/** A fake server and a folder for each test of a file, and chats that are connected to it. */
export class ChatWorkplace {
  folder = "";
  #server: FakeChatServer | undefined;
  readonly #chats: Chat[] = [];

  constructor() {
    beforeEach(async () => {
      this.folder = mkdtempSync(join(tmpdir(), "lemmascope-llm-"));
      this.#server = await FakeChatServer.start();
      this.#server.when({}, { kind: "json", value: GOOD });
    });
    afterEach(async () => {
      await Promise.all(this.#chats.splice(0).map((chat) => chat.close()));
      await this.server.stop();
      rmSync(this.folder, { recursive: true, force: true });
      expect(this.server.violations).toEqual([]);
    });
  }

  get server(): FakeChatServer {
    if (this.#server === undefined) throw new Error("only tests have a server");
    return this.#server;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Settings with a strong model for all roles, and a cheap one to filter. */
  settings(more: Partial<LlmProfile> = {}, section: object = {}): LlmSettings {
    const { baseUrl } = this.server;
    const parsed = llmSection.parse({
      profiles: {
        strong: { baseUrl, model: "strong-1", ...more },
        cheap: { baseUrl, model: "cheap-1", ...more },
      },
      roles: { filter: "cheap" },
      default: "strong",
      cache: false,
      ...section,
    });
    return { ...parsed, default: parsed.default };
  }

  async open(
    settings: LlmSettings | undefined = this.settings(),
    options: Partial<OpenChatOptions> = {},
  ): Promise<Chat> {
    const chat = await openChat(settings, {
      environment: {},
      cachePath: this.path("answers.sqlite"),
      retry: { baseDelayMs: 1, maxDelayMs: 4 },
      warn: (sentence) => {
        throw new Error(sentence);
      },
      ...options,
    });
    if (chat === undefined) throw new Error("no chat");
    this.#chats.push(chat);
    return chat;
  }
}

/** A question for a verdict. */
export function question(
  user = "Does it hold?",
  more: Partial<ChatRequest<Verdict>> = {},
): ChatRequest<Verdict> {
  return {
    role: "judge",
    system: "You judge statements.",
    user,
    schema: verdictSchema,
    schemaName: "verdict",
    ...more,
  };
}

export function ask(chat: Chat, user?: string): Promise<ChatAnswer<Verdict>> {
  return chat.ask(question(user));
}
