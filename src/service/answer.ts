import { UserError } from "../errors.js";
import type { DeclarationId, DeclarationIndex } from "../index/declaration-index.js";
import { nearNames } from "../search/near-names.js";
import type { SearchModels } from "../search/open-search.js";
import { bareName } from "../search/query.js";
import type { Search } from "../search/search.js";
import type {
  FindRequest,
  Hit,
  LookedUp,
  QuestionName,
  Questions,
  Readiness,
} from "./questions.js";
import { related } from "./related.js";

/** How many names are named where one does not exist. */
const NEAR_NAMES = 8;

/** An index with the search over it. */
export interface OpenIndex {
  readonly index: DeclarationIndex;
  readonly search: Search;
  readonly models: SearchModels;
  readonly readiness: Readiness;
}

type Answerers = {
  readonly [Name in QuestionName]: (
    opened: OpenIndex,
    request: Questions[Name]["request"],
  ) => Promise<Questions[Name]["answer"]> | Questions[Name]["answer"];
};

/** How each question is answered over an open index. */
export const ANSWERERS: Answerers = {
  ready: ({ readiness }) => readiness,
  find,
  lookUp: ({ index }, { name }) => lookUp(index, name),
  related: ({ index }, { name, limit }) => {
    const id = resolveName(index, requireName(name));
    if (id === undefined) return { asked: name, found: false, near: near(index, name) };
    return { asked: name, found: true, ...related(index, id, limit) };
  },
  complete: ({ index }, { beginning, limit }) => index.names.withBeginning(beginning, limit),
};

async function find({ index, search }: OpenIndex, request: FindRequest): Promise<Hit[]> {
  const { query, kinds, module, package: owner, own, limit } = request;
  const filter = { kinds, module: module.replace(/\.$/, ""), package: owner, own };
  const results = await search.search(query, { limit, filter });
  return results.flatMap(({ facts, score, evidence }) => {
    const declaration = index.declaration(facts.id);
    if (declaration === undefined) return [];
    const reasons = evidence.flatMap(({ reason }) => reason ?? []);
    return [{ declaration, score, usedBy: facts.usedBy, reasons }];
  });
}

function lookUp(index: DeclarationIndex, text: string): LookedUp {
  const name = requireName(text);
  const id = resolveName(index, name);
  const declaration = id === undefined ? undefined : index.declaration(id);
  if (id === undefined || declaration === undefined) {
    return { asked: text, found: false, near: near(index, name) };
  }
  const [facts] = index.facts([id]);
  const exact = declaration.name === name;
  return { asked: text, found: true, exact, declaration, usedBy: facts?.usedBy ?? 0 };
}

/** The declaration of this name, or the only one whose name ends so, blind to case. */
function resolveName(index: DeclarationIndex, name: string): DeclarationId | undefined {
  const plain = bareName(name);
  const exact = index.idOf(plain);
  if (exact !== undefined) return exact;
  const [first, second] = index.names.withEnding(plain, 2);
  if (first === undefined) return undefined;
  const isUnique = second === undefined || first.name.toLowerCase() === plain.toLowerCase();
  return isUnique ? first.id : undefined;
}

function near(index: DeclarationIndex, name: string): string[] {
  return nearNames(index, bareName(name), NEAR_NAMES);
}

function requireName(text: string): string {
  const name = bareName(text);
  if (name !== "") return name;
  throw new UserError("badInput", "The name is empty: give a declaration's name.");
}
