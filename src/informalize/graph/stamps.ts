import { hash } from "node:crypto";
import type { DependencyGraph } from "./dependency-graph.js";
import type { Components } from "./strong-components.js";

/** Bytes of a stamp, and of a hash of a content. */
const STAMP_BYTES = 16;

/** What a declaration's description rests on. */
export interface Stamps {
  /**
   * 32 hexadecimal digits that change when its own content or that of anything that it depends on,
   * however far, changes, and only then. Neither prompts nor models are part of it.
   */
  of(id: number): string;
}

/** A hash of texts, in hexadecimal digits, that tells where one ends and the next begins. */
export function contentHash(texts: readonly string[]): string {
  return hash("sha256", JSON.stringify(texts)).slice(0, 2 * STAMP_BYTES);
}

/**
 * Stamps of all declarations: each is the hash of its content, of the contents of its cycle and of the
 * stamps of what the cycle depends on. Where declarations lie in the corpus does not matter.
 *
 * @param content the {@link contentHash} of what a declaration itself says.
 */
export function stampsOf(
  graph: Pick<DependencyGraph, "size" | "dependencies">,
  components: Components,
  content: (id: number) => string,
): Stamps {
  const stamps = Buffer.alloc(graph.size * STAMP_BYTES);
  const stamp = (id: number): Buffer => stamps.subarray(id * STAMP_BYTES, (id + 1) * STAMP_BYTES);
  for (let component = 0; component < components.count; component += 1) {
    const members = components.members(component);
    const below = new Set<number>();
    for (const id of members) {
      for (const dependency of graph.dependencies(id)) {
        if (components.of[dependency] !== component) below.add(dependency);
      }
    }
    const contents = Array.from(members, content).sort();
    const rests = sorted(Array.from(below, stamp));
    const own = Buffer.from(`${contents.length}:${contents.join("")}`);
    const cycle = hash("sha256", Buffer.concat([own, ...rests]), "buffer");
    for (const id of members) {
      const whole = members.length === 1 ? cycle : digest(content(id), cycle);
      whole.copy(stamps, id * STAMP_BYTES, 0, STAMP_BYTES);
    }
  }
  return { of: (id) => stamp(id).toString("hex") };
}

function digest(content: string, cycle: Buffer): Buffer {
  return hash("sha256", Buffer.concat([Buffer.from(content), cycle]), "buffer");
}

function sorted(hashes: Buffer[]): Buffer[] {
  return hashes.sort((a, b) => Buffer.compare(a, b));
}
