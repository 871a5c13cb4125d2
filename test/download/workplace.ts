import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../src/errors.js";
import { pull, type Pulled, type PullOptions } from "../../src/download/pull.js";
import { LOCK_FILE } from "../../src/download/directory-lock.js";
import { FakeHub, type FakeFile } from "./fake-hub.js";

/** A fake hub and an empty directory, to be torn down after a test. */
export class Workplace {
  readonly hub: FakeHub;
  readonly directory: string;

  private constructor(hub: FakeHub, directory: string) {
    this.hub = hub;
    this.directory = directory;
  }

  static async open(...files: FakeFile[]): Promise<Workplace> {
    const directory = await mkdtemp(join(tmpdir(), "lemmascope-download-"));
    return new Workplace(await FakeHub.start(...files), directory);
  }

  async close(): Promise<void> {
    await this.hub.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Pulls the fake data set, with waits short enough for tests. */
  pull(options: Partial<PullOptions> = {}, text: string = this.hub.id): Promise<Pulled> {
    return pull(text, {
      directory: this.directory,
      stallTimeoutMs: 5000,
      retry: { baseDelayMs: 1, maxDelayMs: 5 },
      ...options,
      env: { HF_ENDPOINT: this.hub.endpoint, ...options.env },
    });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Names of what lies in the directory, but for the lock. */
  async names(): Promise<string[]> {
    return (await readdir(this.directory)).filter((name) => name !== LOCK_FILE).sort();
  }
}

/** The UserError that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it succeeded");
}
