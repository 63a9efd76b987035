import type { ResourceValidationPolicy } from "@pulumi/policy";
import { containerOf } from "./resource.ts";
import { plainVariables, shownSecretProblems } from "./rules/plain-secrets.ts";

/**
 * A rule that has to see which values are secret. Pulumi shows that to a remediation and not to a validation, and runs it
 * first: so the one looks, changes nothing, and the other reports. The level is therefore `remediate`; any violation counts
 * as `mandatory`.
 */
export function encryptedSecrets(): ResourceValidationPolicy {
  const found = new Map<string, readonly string[]>();
  return {
    name: "encrypted-secrets",
    description: "A secret is encrypted in state and difference, and shown by no label and no argument.",
    enforcementLevel: "remediate",
    remediateResource(args) {
      if (containerOf(args) !== undefined) found.set(args.urn, plainVariables(args.props));
    },
    validateResource(args, report) {
      const container = containerOf(args);
      if (container === undefined) return;
      for (const variable of found.get(args.urn) ?? []) {
        report(`${container.name} has ${variable} in plain text; wrap its value with pulumi.secret`);
      }
      shownSecretProblems(container).forEach((problem) => report(problem));
    },
  };
}
