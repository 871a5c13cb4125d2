/-
Lists the declarations of imported modules as a corpus that `lemmascope index` reads: one JSON object
a line with name, kind, module, line, type, docstring and the constants that it uses.

    lake env lean --run ListDeclarations.lean Mathlib > mathlib.jsonl

lists what Mathlib's own modules declare; further arguments are further modules to import, whose
declarations are listed too. Written against the interface of Lean v4.28.0-rc1 on a machine without
Lean: it awaits a first run.
-/
import Lean

open Lean Meta

namespace Lemmascope

/-- The corpus's word for what a constant is; none for what nobody looks for. -/
def kindOf (name : Name) (info : ConstantInfo) : MetaM (Option String) := do
  let env ← getEnv
  match info with
  | .axiomInfo _ => return some "axiom"
  | .thmInfo _ => return some (if ← isInstance name then "instance" else "theorem")
  | .defnInfo value =>
    if ← isInstance name then return some "instance"
    if env.isProjectionFn name then return some "field"
    return some (if value.hints.isAbbrev then "abbrev" else "definition")
  | .opaqueInfo _ => return some "opaque"
  | .inductInfo _ =>
    if isClass env name then return some "class"
    return some (if isStructure env name then "structure" else "inductive")
  | .ctorInfo value => return if isStructure env value.induct then none else some "constructor"
  | .recInfo _ | .quotInfo _ => return none

/-- Whether Lean made this name for itself. -/
def isGenerated (name : Name) : MetaM Bool := do
  let env ← getEnv
  return name.isInternalDetail || isPrivateName name || isAuxRecursor env name ||
    isNoConfusion env name || (← isMatcher name)

/-- The module that declares a constant. -/
def moduleOf (name : Name) : MetaM (Option Name) := do
  let env ← getEnv
  return (env.getModuleIdxFor? name).bind fun index => env.header.moduleNames[index.toNat]?

/-- The line of the corpus for a constant, where it has one. -/
def recordOf (roots : List Name) (name : Name) (info : ConstantInfo) : MetaM (Option Json) := do
  let some module ← moduleOf name | return none
  unless roots.any (·.isPrefixOf module) do return none
  if ← isGenerated name then return none
  let some kind ← kindOf name info | return none
  let type := (← ppExpr info.type).pretty (width := 1000)
  let docstring ← findDocString? (← getEnv) name
  let ranges ← findDeclarationRanges? name
  let inValue := (info.value?.map (·.getUsedConstants)).getD #[]
  let used := (info.type.getUsedConstants ++ inValue).toList.eraseDups.filter (· != name)
  return some <| Json.mkObj [
    ("name", toJson name.toString),
    ("kind", toJson kind),
    ("module", toJson module.toString),
    ("line", toJson (ranges.map (·.range.pos.line))),
    ("type", toJson type),
    ("docstring", toJson docstring),
    ("references", toJson (used.map (·.toString)))]

/-- Prints the records; a declaration that cannot be printed is told of and left out. -/
def list (roots : List Name) : MetaM Unit := do
  let constants := (← getEnv).constants.map₁.toArray.qsort fun a b => Name.lt a.1 b.1
  for (name, info) in constants do
    try
      if let some record ← recordOf roots name info then IO.println record.compress
    catch failure =>
      IO.eprintln s!"{name} is left out: {← failure.toMessageData.toString}"

end Lemmascope

unsafe def main (arguments : List String) : IO UInt32 := do
  if arguments.isEmpty then
    IO.eprintln "usage: lake env lean --run ListDeclarations.lean MODULE..."
    return 2
  let modules := arguments.map String.toName
  initSearchPath (← findSysroot)
  -- Notations and instances live in extensions, which only initializers make known.
  enableInitializersExecution
  let imports := modules.toArray.map fun name => ({ module := name : Import })
  let env ← importModules imports {} (loadExts := true)
  let context : Core.Context := { fileName := "<declarations>", fileMap := default, maxHeartbeats := 0 }
  discard <| (Lemmascope.list modules).run'.toIO context { env }
  return 0
