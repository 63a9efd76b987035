import "./stacks/quick-start.ts";
import { loadDeployment } from "./stacks/config/load.ts";
import { createDeployment } from "./stacks/deployment.ts";

export const { urls, services, stages, hostPorts, credentials } = createDeployment(loadDeployment());
