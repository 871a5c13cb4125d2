import { describe, expect, it } from "vitest";
import { LeanLibrary } from "../../../src/corpus/lean-source/lean-library.js";
import { scanLeanFile } from "../../../src/corpus/lean-source/scan-lean-file.js";

/** The names of each module's declarations, given the modules' sources. */
function namesOf(sources: Readonly<Record<string, string>>): Record<string, string[]> {
  const library = new LeanLibrary();
  for (const [module, text] of Object.entries(sources)) {
    library.set(module, scanLeanFile(text, { module }));
  }
  return Object.fromEntries(
    Object.keys(sources).map((module) => [
      module,
      library.declarations(module).map(({ name }) => name),
    ]),
  );
}

const LISTS = `
namespace Mathlib.Tactic.ToAdditive

def nameDict : Std.HashMap String (List String) := .ofList [
  ("one", ["Zero"]),
  ("mul", ["Plus"]),
  -- ("sow", ["Reap"]),
  ("plot", ["Add", "Plot"])]

def abbreviationDict : Std.HashMap String String := .ofList [
  ("zero_le", "Fertile")
]

end Mathlib.Tactic.ToAdditive
`;

describe("names that to_additive and to_dual find", () => {
  it("go by the lists in Mathlib's own source, where that is read", () => {
    const tagged = `
@[to_additive] theorem mul_plot : True := trivial
@[to_additive] theorem one_le_sow : True := trivial
`;
    expect(namesOf({ Lists: LISTS, Tagged: tagged })["Tagged"]).toEqual([
      "mul_plot",
      "one_le_sow",
      "plus_addPlot",
      "fertile_sow",
    ]);
    expect(namesOf({ Tagged: tagged })["Tagged"]).toEqual([
      "mul_plot",
      "one_le_sow",
      "add_plot",
      "nonneg_sow",
    ]);
  });

  it("go by the hints of their own file, in both directions for to_dual", () => {
    const tagged = (mark: string) => `
@[to_dual] theorem spade_${mark}top : True := trivial
@[to_dual] theorem rake_${mark}top : True := trivial
@[to_dual] theorem wetSoil_${mark}top : True := trivial
@[to_additive] theorem mul_${mark}worm : True := trivial
`;
    const hints = `
to_dual_name_hint Spade Rake, WetSoil DrySoil
to_additive_name_hint Worm AddWorm
`;
    const twins = (names: string[] | undefined) => names?.slice(4);
    const names = namesOf({ Plain: tagged(""), Hinted: hints + tagged("x_") });
    expect(twins(names["Plain"])).toEqual(["spade_bot", "rake_bot", "wetSoil_bot", "add_worm"]);
    expect(twins(names["Hinted"])).toEqual([
      "rake_x_bot",
      "spade_x_bot",
      "drySoil_x_bot",
      "add_x_addWorm",
    ]);
  });

  it("go by the dual of their prefix, whichever of the two was tagged", () => {
    const source = `
class OrderTop (α : Type) where
  le_top : α
@[to_dual] class OrderBot (α : Type) where
  bot_le : α
@[to_dual] theorem OrderTop.wide_top : True := trivial
@[to_dual] theorem OrderBot.deep_bot : True := trivial
@[to_dual self] def MinMax : Nat := 0
@[to_dual] theorem MinMax.is_top : True := trivial
`;
    expect(namesOf({ Order: source })["Order"]).toEqual([
      "OrderTop",
      "OrderTop.le_top",
      "OrderBot",
      "OrderBot.bot_le",
      "OrderTop.wide_top",
      "OrderBot.deep_bot",
      "MinMax",
      "MinMax.is_top",
      "OrderBot.wide_bot",
      "OrderTop.deep_top",
      "MinMax.is_bot",
    ]);
  });

  it("leaves mono alone, which may mean monotone", () => {
    const source = "@[to_dual] theorem eq_top_mono : True := trivial";
    expect(namesOf({ Order: source })["Order"]).toEqual(["eq_top_mono", "eq_bot_mono"]);
  });
});

describe("attributes that a command of its own puts on", () => {
  it("also tag what attributes made", () => {
    const source = `
@[to_additive smul_row] theorem row_pow : True := trivial
attribute [to_additive] smul_row
`;
    expect(namesOf({ Garden: source })["Garden"]).toEqual(["row_pow", "smul_row", "vadd_row"]);
  });

  it("tag nothing where only a prefix of the name is known", () => {
    const source = `
class Plot (α : Type) where
  mul : α
@[to_additive Bed] class Row (α : Type) extends Plot α where
  one : α
attribute [to_additive existing Bed.toShed] Row.toPlot
@[to_additive] theorem Row.mul_one : True := trivial
attribute [to_additive] Row.mul_one.extra
`;
    const names = namesOf({ Garden: source })["Garden"];
    expect(names).toEqual(["Plot", "Plot.mul", "Row", "Row.one", "Row.mul_one", "Bed.add_zero"]);
  });
});

describe("procedures for simp", () => {
  it("are definitions of the name that they are given", () => {
    const source = `
namespace Garden
simproc ↓ reduceRow (row _) := fun _ => return .continue
/-- Works on plots. -/
dsimproc [simp] reducePlot ((_ : Nat) + _) := fun e => do
  return .continue
simproc_decl reduceBed (bed _ _) := fun _ => return .continue
private simproc hidden (bed _) := fun _ => return .continue
end Garden
`;
    const library = new LeanLibrary();
    library.set("Garden", scanLeanFile(source, { module: "Garden" }));
    const made = library.declarations("Garden");
    expect(made.map(({ name, kind, line, type }) => ({ name, kind, line, type }))).toEqual([
      { name: "Garden.reduceRow", kind: "definition", line: 3, type: "Lean.Meta.Simp.Simproc" },
      { name: "Garden.reducePlot", kind: "definition", line: 5, type: "Lean.Meta.Simp.DSimproc" },
      { name: "Garden.reduceBed", kind: "definition", line: 7, type: "Lean.Meta.Simp.Simproc" },
    ]);
    expect(made[1]?.docstring).toBe("Works on plots.");
  });
});

describe("an instance without a name", () => {
  it("is left out where its class speaks of instances that the library does not know", () => {
    const source = `
class Soil (α : Type) where
  wet : α
instance [Soil α] : Std.LawfulOrderLT α where
instance [Soil α] : Inhabited α where
`;
    expect(namesOf({ Garden: source })["Garden"]).toEqual([
      "Soil",
      "Soil.wet",
      "instInhabitedOfSoil",
    ]);
  });

  it("is named after the arrow that a letter makes another one", () => {
    const source = `
structure RowHom (α β : Type) where
  toFun : α → β
class Sown (α : Type) where
infixr:25 " →r " => RowHom
instance {α β : Type} : Sown (α →r β) where
instance {α β : Type} : Sown (α→β) where
`;
    expect(namesOf({ Garden: source })["Garden"]).toEqual([
      "RowHom",
      "RowHom.toFun",
      "Sown",
      "instSownRowHom",
      "instSownForall",
    ]);
  });

  it("is left out where its name shows a type that the text does not", () => {
    const source = `
structure Bed (α : Type) where
  row : α
def quotient (α : Type) {β : Type} (b : β) : Type := α
instance {α : Type} (s : Bed α) : Inhabited (quotient α s) where
instance {α : Type} (a : α) : Nonempty (quotient α a) where
`;
    expect(namesOf({ Garden: source })["Garden"]).toEqual([
      "Bed",
      "Bed.row",
      "quotient",
      "instNonemptyQuotient",
    ]);
  });
});
