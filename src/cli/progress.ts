import cliProgress from "cli-progress";
import type { Context } from "./context.js";

/** Shows how far something is: a bar on a terminal, a line now and then elsewhere. */
export interface ProgressDisplay {
  /** @param done the share that is done, from 0 to 1; undefined where nobody can tell. */
  update(done: number | undefined, label: string): void;
  end(): void;
}

/** The time between two plain lines, in ms. */
const LINE_INTERVAL = 5000;

/** A display on standard error that fits where it goes; silent with `--quiet`. */
export function progressDisplay(context: Context): ProgressDisplay {
  if (!context.talkative) return { update: () => undefined, end: () => undefined };
  return process.stderr.isTTY ? bar() : lines(context);
}

function bar(): ProgressDisplay {
  const display = new cliProgress.SingleBar(
    {
      format: "{bar} {percentage}% {label}",
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 30,
    },
    cliProgress.Presets.shades_classic,
  );
  display.start(1000, 0, { label: "" });
  return {
    update: (done, label) => display.update(Math.round((done ?? 0) * 1000), { label }),
    end: () => display.stop(),
  };
}

function lines(context: Context): ProgressDisplay {
  let last = performance.now();
  return {
    update: (done, label) => {
      const now = performance.now();
      if (now - last < LINE_INTERVAL) return;
      last = now;
      context.notice(done === undefined ? label : `${Math.floor(done * 100)}% ${label}`);
    },
    end: () => undefined,
  };
}
