/**
 * Finds the first fault of a value that a guard has refused. This is an interpreter over the rules, the slow way:
 * it runs only on failure.
 */

import { codePoints, isEqual, isMultiple, isObject, isUnique } from "./checks.js";
import type { ErrorCode, ParseError } from "./result.js";

type Kind = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";
type Pattern = { test(text: string): boolean };

/** A rule: every part that is present must hold. */
export interface Rule {
  never?: true;
  nullable?: true;
  type?: readonly Kind[];
  ref?: string;
  parameter?: string;
  code?: ErrorCode;
  enum?: readonly unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: Pattern;
  prefixItems?: readonly Rule[];
  items?: Rule;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: true;
  contains?: Rule;
  minContains?: number;
  maxContains?: number;
  properties?: { readonly [name: string]: Rule };
  required?: readonly string[];
  patternProperties?: readonly (readonly [Pattern, Rule])[];
  additional?: Rule;
  propertyNames?: Rule;
  minProperties?: number;
  maxProperties?: number;
  dependents?: readonly (readonly [string, readonly string[], Rule])[];
  allOf?: readonly Rule[];
  anyOf?: readonly Rule[];
  oneOf?: readonly Rule[];
  tag?: string;
  variants?: { readonly [value: string]: Rule };
  not?: Rule;
  if?: Rule;
  then?: Rule;
  else?: Rule;
}

/** The rules of all types, by name. */
export type Rules = { readonly [name: string]: Rule };

/** The first fault of `value` under the rule of the type `name`; `undefined` if there is none. */
export function explain(rules: Rules, name: string, value: unknown): ParseError | undefined {
  try {
    return new Explanation(rules).fault({ ref: name }, value, "");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { code: "too-deep", pointer: "", message: "the value: it is nested too deeply; flatten it" };
  }
}

function has(object: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(object, name) && (object as any)[name] !== undefined;
}

function kindOf(value: unknown): Kind | "nothing" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (Number.isInteger(value)) return "integer";
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? "number" : "nothing";
    case "string":
    case "boolean":
    case "object":
      return typeof value as Kind;
    default:
      return "nothing";
  }
}

function names(list: readonly unknown[]): string {
  const shown = list.slice(0, 8).map((each) => JSON.stringify(each));
  return shown.join(", ") + (list.length > shown.length ? ", …" : "");
}

/** A short form of a value for a sentence. */
function show(value: unknown): string {
  const text = isObject(value) ? "an object" : Array.isArray(value) ? "an array" : String(JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const articles: { readonly [kind: string]: string } = {
  null: "null",
  boolean: "a boolean",
  integer: "an integer",
  number: "a number",
  string: "a string",
  array: "an array",
  object: "an object",
};

class Explanation {
  private readonly rules: Rules;

  constructor(rules: Rules) {
    this.rules = rules;
  }

  fault(rule: Rule, value: any, at: string): ParseError | undefined {
    if (rule.nullable && value === null) return undefined;
    const error = (code: ErrorCode, message: string, pointer = at): ParseError => ({
      code,
      pointer,
      message: `${pointer === "" ? "the value" : pointer}: ${message}`,
    });
    const kind = kindOf(value);
    if (rule.never || kind === "nothing") {
      return error(rule.never ? "invalid-data" : "wrong-type", rule.never ? "nothing may be here; leave it out" : `${typeof value} is no JSON value; a JSON value must be here`);
    }
    if (rule.type && !rule.type.includes(kind) && !(kind === "integer" && rule.type.includes("number"))) {
      const numeric = kind === "number" && rule.type.includes("integer");
      const expected = rule.type.map((each) => articles[each]).join(" or ");
      return error((numeric && rule.code) || "wrong-type", `it must be ${expected}; it is ${numeric ? show(value) : articles[kind]}`);
    }
    const breach = (message: string) => error(rule.code ?? "invalid-data", `${message}; it is ${show(value)}`);
    if (rule.enum && !rule.enum.some((each) => isEqual(each, value))) {
      const texts = rule.enum.every((each) => typeof each === "string");
      if (texts && typeof value !== "string") return error("wrong-type", `it must be one of the strings ${names(rule.enum)}; it is ${show(value)}`);
      return error(rule.code ?? "invalid-data", `it must be one of ${names(rule.enum)}; it is ${show(value)}`);
    }
    return (
      this.scalar(rule, value, breach) ??
      (Array.isArray(value) ? this.array(rule, value, at, breach) : undefined) ??
      (kind === "object" ? this.object(rule, value, at, error, breach) : undefined) ??
      this.composition(rule, value, at, error, breach)
    );
  }

  private scalar(rule: Rule, value: any, breach: (message: string) => ParseError): ParseError | undefined {
    if (typeof value === "number") {
      if (rule.minimum !== undefined && !(value >= rule.minimum)) return breach(`it must be at least ${rule.minimum}`);
      if (rule.maximum !== undefined && !(value <= rule.maximum)) return breach(`it must be at most ${rule.maximum}`);
      if (rule.exclusiveMinimum !== undefined && !(value > rule.exclusiveMinimum)) return breach(`it must be more than ${rule.exclusiveMinimum}`);
      if (rule.exclusiveMaximum !== undefined && !(value < rule.exclusiveMaximum)) return breach(`it must be less than ${rule.exclusiveMaximum}`);
      if (rule.multipleOf !== undefined && !isMultiple(value, rule.multipleOf)) return breach(`it must be a multiple of ${rule.multipleOf}`);
    }
    if (typeof value === "string") {
      if (rule.minLength !== undefined && codePoints(value) < rule.minLength) return breach(`it must have at least ${rule.minLength} characters`);
      if (rule.maxLength !== undefined && codePoints(value) > rule.maxLength) return breach(`it must have at most ${rule.maxLength} characters`);
      if (rule.pattern && !rule.pattern.test(value)) return breach(patternText(rule));
    }
    return undefined;
  }

  private array(rule: Rule, value: any[], at: string, breach: (message: string) => ParseError): ParseError | undefined {
    if (rule.minItems !== undefined && value.length < rule.minItems) return breach(`it must have at least ${rule.minItems} items`);
    if (rule.maxItems !== undefined && value.length > rule.maxItems) return breach(`it must have at most ${rule.maxItems} items`);
    const first = rule.prefixItems ?? [];
    for (let i = 0; i < value.length; i++) {
      const item = i < first.length ? first[i] : rule.items;
      const fault = item && this.fault(item, value[i], `${at}/${i}`);
      if (fault) return fault;
    }
    if (rule.uniqueItems && !isUnique(value)) return breach("its items must differ from each other");
    const contains = rule.contains;
    if (contains) {
      const found = value.filter((each) => !this.fault(contains, each, at)).length;
      if (found < (rule.minContains ?? 1) || found > (rule.maxContains ?? Infinity)) return breach(`${found} of its items are of the kind that it must contain, which is not the right number`);
    }
    return undefined;
  }

  private object(
    rule: Rule,
    value: any,
    at: string,
    error: (code: ErrorCode, message: string, pointer?: string) => ParseError,
    breach: (message: string) => ParseError,
  ): ParseError | undefined {
    const place = (name: string) => `${at}/${name.replace(/~/g, "~0").replace(/\//g, "~1")}`;
    for (const name of rule.required ?? []) {
      if (!has(value, name)) return error("missing-member", `the member ${JSON.stringify(name)} is missing; it is required`, place(name));
    }
    const listed = rule.properties ?? {};
    for (const name of Object.keys(listed)) {
      const fault = has(value, name) && this.fault(listed[name] as Rule, value[name], place(name));
      if (fault) return fault;
    }
    const present = Object.keys(value).filter((name) => has(value, name));
    for (const name of present) {
      if (rule.propertyNames && this.fault(rule.propertyNames, name, at)) return error("invalid-data", `${JSON.stringify(name)} is not allowed as the name of a member here`, place(name));
      let known = has(listed, name);
      for (const [pattern, member] of rule.patternProperties ?? []) {
        if (!pattern.test(name)) continue;
        known = true;
        const fault = this.fault(member, value[name], place(name));
        if (fault) return fault;
      }
      if (known || !rule.additional) continue;
      if (rule.additional.never) return error("invalid-data", `there may be no member ${JSON.stringify(name)} here; leave it out`, place(name));
      const fault = this.fault(rule.additional, value[name], place(name));
      if (fault) return fault;
    }
    if (rule.minProperties !== undefined && present.length < rule.minProperties) return breach(`it must have at least ${rule.minProperties} members`);
    if (rule.maxProperties !== undefined && present.length > rule.maxProperties) return breach(`it must have at most ${rule.maxProperties} members`);
    for (const [name, needed, dependent] of rule.dependents ?? []) {
      if (!has(value, name)) continue;
      const absent = needed.find((each) => !has(value, each));
      if (absent !== undefined) return error("missing-member", `the member ${JSON.stringify(absent)} is missing; ${JSON.stringify(name)} requires it`, place(absent));
      const fault = this.fault(dependent, value, at);
      if (fault) return fault;
    }
    return undefined;
  }

  private composition(
    rule: Rule,
    value: any,
    at: string,
    error: (code: ErrorCode, message: string, pointer?: string) => ParseError,
    breach: (message: string) => ParseError,
  ): ParseError | undefined {
    if (rule.ref !== undefined) {
      const fault = this.fault(this.rules[rule.ref] as Rule, value, at);
      if (fault) return fault;
    }
    for (const each of rule.allOf ?? []) {
      const fault = this.fault(each, value, at);
      if (fault) return fault;
    }
    if (rule.tag !== undefined && rule.variants && isObject(value)) {
      const pointer = `${at}/${rule.tag.replace(/~/g, "~0").replace(/\//g, "~1")}`;
      if (!has(value, rule.tag)) return error("missing-member", `the member ${JSON.stringify(rule.tag)} is missing; it is required`, pointer);
      const tag = value[rule.tag];
      if (typeof tag !== "string") return error("wrong-type", `it must be a string; it is ${show(tag)}`, pointer);
      if (!has(rule.variants, tag)) return error(rule.code ?? "invalid-data", `it must be one of ${names(Object.keys(rule.variants))}; it is ${show(tag)}`, pointer);
      const fault = this.fault(rule.variants[tag] as Rule, value, at);
      if (fault) return fault;
    }
    for (const list of [rule.anyOf, rule.oneOf]) {
      if (!list) continue;
      const faults = list.map((each) => this.fault(each, value, at));
      const held = faults.filter((each) => each === undefined).length;
      if (held === 0) return nearest(faults as ParseError[], at) ?? error("invalid-data", `none of the ${list.length} alternatives here fits`);
      if (list === rule.oneOf && held > 1) return breach(`exactly one of the ${list.length} alternatives here must fit, and ${held} do`);
    }
    if (rule.not && !this.fault(rule.not, value, at)) return breach("it must not be of the kind that it is");
    if (rule.if) {
      const next = this.fault(rule.if, value, at) ? rule.else : rule.then;
      return next && this.fault(next, value, at);
    }
    return undefined;
  }
}

/** Of the faults of all alternatives, the one that came furthest: it is in the alternative that was meant. */
function nearest(faults: ParseError[], at: string): ParseError | undefined {
  const meant = faults.filter((each) => each.pointer !== at || each.code !== "wrong-type");
  if (meant.length === 0) return faults.length > 1 ? { code: "wrong-type", pointer: at, message: faults.map((each) => each.message).join("; or else ") } : faults[0];
  return meant.length === 1 ? meant[0] : undefined;
}

function patternText(rule: Rule): string {
  switch (rule.code) {
    case "invalid-revision":
      return "it must be a canonical decimal from 0 to 18446744073709551615, without sign, space or leading zero";
    case "blank-topic":
      return "it must have at least one character that is not white space";
    default:
      return rule.pattern instanceof RegExp ? `it must match ${rule.pattern}` : "it must be of the form that is asked for here";
  }
}
