import "./stacks/short-stacks.ts";
import { loadDeployment } from "./stacks/config/load.ts";
import { createDeployment } from "./stacks/deployment.ts";

export const { urls, services, stages, hostPorts, credentials } = createDeployment(loadDeployment());
