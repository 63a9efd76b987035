import type * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "../../core/config-file.ts";
import type { Environment } from "../../core/environment.ts";
import type { StageDefinition, StageService } from "../definition.ts";

/** Gives the value of a secret of the configuration. */
export type SecretReader = (name: string) => pulumi.Input<string>;

const FOLDER = "/run/secrets";

/** The stage's and the service's secrets as variables, and for each secret file the variable that names it (C-26). */
export function secretEnvironment(
  stage: StageDefinition,
  service: StageService,
  secret: SecretReader,
): Environment {
  const values = Object.entries({ ...stage.secretEnvironment, ...service.secretEnvironment });
  const files = Object.keys(service.secretFiles ?? {});
  return Object.fromEntries([
    ...values.map(([variable, name]) => [variable, secret(name)] as const),
    ...files.map((variable) => [`${variable}_FILE`, secretPath(variable)] as const),
  ]);
}

/** The service's secret files. Readable by every user of the container, because the image chooses its user. */
export function secretFiles(service: StageService, secret: SecretReader): ConfigFile[] {
  return Object.entries(service.secretFiles ?? {}).map(([variable, name]) => ({
    path: secretPath(variable),
    content: secret(name),
  }));
}

function secretPath(variable: string): string {
  return `${FOLDER}/${variable.toLowerCase()}`;
}
