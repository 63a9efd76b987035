import type { Problem } from "../../components/core/errors.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

/** Secrets that a running stage needs and the configuration does not have. */
export function secretProblems({ running, config }: DeploymentPlan): Problem[] {
  return running.flatMap((stage) => {
    const owners = [
      [`stages.${stage.name}.secretEnvironment`, stage.secretEnvironment] as const,
      ...Object.entries(stage.services).flatMap(([name, { secretEnvironment, secretFiles }]) => [
        [`stages.${stage.name}.services.${name}.secretEnvironment`, secretEnvironment] as const,
        [`stages.${stage.name}.services.${name}.secretFiles`, secretFiles] as const,
      ]),
    ];
    return owners.flatMap(([key, secrets = {}]) =>
      Object.entries(secrets)
        .filter(([, name]) => config.secrets[name] === undefined)
        .map(([variable, name]) => ({
          key: `${key}.${variable}`,
          reason: `got "${name}", which has no value; set it with \`npm run secret -- ${name}\` (docs/secrets.md)`,
        })),
    );
  });
}
