import { UserError } from "../errors.js";
import {
  asSketch,
  runBudget,
  sketchProblem,
  theoremText,
} from "../service/premises/premise-requests.js";
import type { PremiseService } from "../service/premises/premise-service.js";
import { progressWords } from "../service/premises/premise-words.js";
import type { PremiseProgress } from "../premises/premise-run.js";
import type { Endpoints } from "./endpoint.js";
import type { Metrics } from "./metrics.js";
import * as schemas from "./premise-schemas.js";

/** Adds the endpoints that go from a theorem to the premises of its proof. */
export function addPremiseEndpoints(
  endpoints: Endpoints,
  { premises, metrics }: { readonly premises: PremiseService; readonly metrics: Metrics },
): void {
  endpoints.add({
    path: "/api/v1/premises",
    summary: "Find the declarations that a proof of a theorem needs",
    request: schemas.premisesRequest,
    answer: schemas.premisesAnswer,
    progress: schemas.premisesProgress,
    work: async ({ mode, rounds, limit, ...asked }, signal, tell) => {
      metrics.countQueries("premises", 1);
      const found = await premises.find(
        {
          theorem: theoremText(asked),
          ...{ mode, rounds, limit, budget: runBudget(asked) },
        },
        { signal, onProgress: teller(tell) },
      );
      return schemas.asPremisesAnswer(found);
    },
  });
  endpoints.add({
    path: "/api/v1/premises-from-sketch",
    summary: "Find the declarations that a proof plan of the caller's needs",
    request: schemas.sketchRequest,
    answer: schemas.premisesAnswer,
    progress: schemas.premisesProgress,
    work: async ({ limit, ...asked }, signal, tell) => {
      metrics.countQueries("premises-from-sketch", 1);
      const sketch = asSketch(asked);
      const problem = sketchProblem(sketch);
      if (problem !== undefined) throw new UserError("badInput", problem);
      const request = { theorem: theoremText(asked), sketch, limit };
      const found = await premises.find(request, { signal, onProgress: teller(tell) });
      return schemas.asPremisesAnswer(found);
    },
  });
}

function teller(tell: (progress: unknown) => void): (progress: PremiseProgress) => void {
  return (progress) => tell({ ...progress, message: progressWords(progress) });
}
