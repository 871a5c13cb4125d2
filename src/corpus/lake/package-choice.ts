import { UserError } from "../../errors.js";
import {
  type LakePackage,
  type LakeProject,
  openPackage,
  type ProjectProblem,
} from "./lake-project.js";
import type { Dependencies } from "./lake-source.js";

/**
 * Opens the dependencies of a project that were asked for. Where all were, one that is not there is
 * reported and the others go on.
 *
 * @throws UserError `usage` for a name that is none of the project's dependencies, `badInput` for a
 * named one that cannot be opened.
 */
export function chosenPackages(
  { own, dependencies }: LakeProject,
  wanted: Dependencies,
  report: (problem: ProjectProblem) => void,
): LakePackage[] {
  if (wanted === "none") return [];
  if (wanted !== "all") {
    return wanted.map((name) => {
      const dependency = dependencies.find((each) => each.name === name);
      if (dependency !== undefined) return openPackage(dependency);
      const names = dependencies.map((each) => each.name);
      throw new UserError(
        "usage",
        `${own.folder} does not depend on ${name}: it has ${names.length === 0 ? "no dependencies" : `the dependencies ${names.join(", ")}`}.`,
      );
    });
  }
  return dependencies.flatMap((dependency) => {
    try {
      return openPackage(dependency);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = `the package ${dependency.name} is left out (${error.message.replace(/\.$/, "")})`;
      report({ path: dependency.folder, line: 1, message });
      return [];
    }
  });
}
