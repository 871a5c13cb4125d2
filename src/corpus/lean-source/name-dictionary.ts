/** How a translating attribute renames words and what it abbreviates. */
export interface NameDictionary {
  /** From a word in lower case to words with a capital. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** From joined words that start small to the abbreviation. */
  readonly abbreviations: ReadonlyMap<string, string>;
}

function pairs(text: string): [string, string][] {
  return text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(">") as [string, string]);
}

function wordMap(text: string): Map<string, string[]> {
  return new Map(pairs(text).map(([word, parts]) => [word, parts.split("+")]));
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Words that get `Add` before them and otherwise stay. */
const PREFIXED =
  "monoid submonoid group subgroup semigroup torsor magma haar prehaar unit units cyclic semigrp grp " +
  "commute semiconj conjugates conj commutator quantale irreducible";

/**
 * The dictionary of `to_additive`, as Mathlib's `Mathlib.Tactic.Translate.ToAdditive` lists it
 * (`nameDict` and `abbreviationDict`).
 */
export const TO_ADDITIVE: NameDictionary = {
  words: new Map([
    ...wordMap(
      "one>Zero mul>Add smul>VAdd inv>Neg div>Sub sdiv>VSub prod>Sum hmul>HAdd hsmul>HVAdd hdiv>HSub " +
        "hpow>HSMul finprod>Finsum tprod>TSum pow>NSMul npow>NSMul zpow>ZSMul mabs>Abs " +
        "rootable>Divisible zpowers>ZMultiples powers>Multiples multipliable>Summable gpfree>APFree " +
        "square>Even mconv>Conv mlconvolution>LConvolution",
    ),
    ...PREFIXED.split(" ").map((word): [string, string[]] => [word, ["Add", capitalized(word)]]),
  ]),
  abbreviations: new Map(
    pairs(
      "isCancelAdd>IsCancelAdd isLeftCancelAdd>IsLeftCancelAdd isRightCancelAdd>IsRightCancelAdd " +
        "cancelAdd>AddCancel leftCancelAdd>AddLeftCancel rightCancelAdd>AddRightCancel " +
        "cancelCommAdd>AddCancelComm commAdd>AddComm zero_le>Nonneg zeroLE>Nonneg zero_lt>Pos " +
        "zeroLT>Pos lezero>Nonpos le_zero>Nonpos ltzero>Neg lt_zero>Neg addSingle>Single " +
        "addSupport>Support addTSupport>TSupport addPointed>Pointed addSpanning>Spanning " +
        "addIndicator>Indicator isEven>Even isRegular>IsAddRegular isLeftRegular>IsAddLeftRegular " +
        "isRightRegular>IsAddRightRegular hasFundamentalDomain>HasAddFundamentalDomain " +
        "quotientMeasure>AddQuotientMeasure negFun>InvFun uniqueProds>UniqueSums orderOf>AddOrderOf " +
        "zeroLePart>PosPart leZeroPart>NegPart isScalarTower>VAddAssocClass " +
        "isOfFinOrder>IsOfFinAddOrder isCentralScalar>IsCentralVAdd " +
        "function_addSemiconj>Function_semiconj function_addCommute>Function_commute " +
        "divisionAddMonoid>SubtractionMonoid subNegZeroAddMonoid>SubNegZeroMonoid " +
        "modularCharacter>AddModularCharacter addShift>Shift addSubshift>Subshift " +
        "isQuotientCoveringMap>IsAddQuotientCoveringMap addExact>Exact isMonHom>IsAddMonHom " +
        "mapMon>MapAddMon monObj>AddMonObj isModHom>IsAddModHom mapMod>MapAddMod modObj>AddModObj " +
        "yonedaMon>YonedaAddMon conGen>AddConGen unoneD>unzeroD",
    ),
  ),
};

/** Words that are each other's dual. */
const DUAL_WORDS =
  "top>bot inf>sup min>max untop>unbot minimal>maximal lower>upper below>above least>greatest " +
  "cofinal>coinitial succ>pred disjoint>codisjoint ioi>iio ici>iic ioc>ico terminal>initial " +
  "precompose>postcompose cone>cocone cones>cocones fan>cofan limit>colimit limits>colimits " +
  "product>coproduct products>coproducts pushout>pullback pushouts>pullbacks span>cospan " +
  "kernel>cokernel kernels>cokernels unit>counit monad>comonad monadic>comonadic";

/** The dictionary of `to_dual`, as Mathlib's `Mathlib.Tactic.Translate.ToDual` lists it. */
export const TO_DUAL: NameDictionary = {
  words: new Map<string, readonly string[]>([
    ...pairs(DUAL_WORDS).flatMap(([one, other]): [string, string[]][] => [
      [one, [capitalized(other)]],
      [other, [capitalized(one)]],
    ]),
    // `mono` is left alone: it may well mean monotone.
    ["epi", ["Mono"]],
    ["glb", ["LUB"]],
    ["lub", ["GLB"]],
  ]),
  abbreviations: new Map(
    pairs(
      "wellFoundedLT>WellFoundedGT wellFoundedGT>WellFoundedLT succColimit>SuccLimit " +
        "predColimit>PredLimit",
    ),
  ),
};
