import { randomInt } from "node:crypto";
import { flagOf, numberOf, type PropertyMap, textOf } from "../bridge/values.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
  readonly characters: string;
  readonly minimum: number;
  readonly allowed: boolean;
}

/** A password of exactly `length` characters from the allowed classes, each at least its minimum. */
export function generatePassword(planned: PropertyMap): string {
  const classes = classesOf(planned);
  const all = classes.map(({ allowed, characters }) => (allowed ? characters : "")).join("");
  const required = classes.flatMap(({ characters, minimum }) => draw(characters, minimum));
  const length = numberOf(planned, "length");
  if (required.length > length) {
    throw new Error(
      `a password of ${length} characters cannot have ${required.length} required ones: raise length`,
    );
  }
  if (all === "" && required.length < length) {
    throw new Error("a password needs at least one of lower, upper, numeric and special");
  }
  return shuffle([...required, ...draw(all, length - required.length)]).join("");
}

function classesOf(planned: PropertyMap): readonly CharacterClass[] {
  const special = textOf(planned, "overrideSpecial") || SPECIAL;
  return [
    { characters: LOWER, minimum: numberOf(planned, "minLower"), allowed: flagOf(planned, "lower") },
    { characters: UPPER, minimum: numberOf(planned, "minUpper"), allowed: flagOf(planned, "upper") },
    { characters: DIGITS, minimum: numberOf(planned, "minNumeric"), allowed: flagOf(planned, "numeric") },
    { characters: special, minimum: numberOf(planned, "minSpecial"), allowed: flagOf(planned, "special") },
  ];
}

function draw(characters: string, count: number): readonly string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

function shuffle(characters: readonly string[]): readonly string[] {
  const shuffled = [...characters];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? "", shuffled[last] ?? ""];
  }
  return shuffled;
}
