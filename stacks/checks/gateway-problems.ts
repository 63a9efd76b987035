import type { Problem } from "../../components/core/errors.ts";
import type { HttpRoute } from "../../components/core/http-route.ts";
import { type Duration, toMilliseconds } from "../../components/core/units.ts";
import { stageRoutes } from "../../components/stage/stage-routes.ts";
import type { PlatformConfig } from "../config/schema.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import { missingSecret, unknownName } from "./named-values.ts";

const USER_LINE = /^[^:\s]+:\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** What routes ask of the gateway by name and the deployment does not have. A stage that stands alone has no gateway. */
export function gatewayProblems({ stages, config }: Pick<DeploymentPlan, "stages" | "config">): Problem[] {
  if (config.mode === "standalone") return [];
  return [
    ...userListProblems(config),
    ...stages.flatMap((stage) =>
      stageRoutes(stage).flatMap(({ field, route }) =>
        routeRequestProblems(`stages.${stage.name}.${field}`, route, config),
      ),
    ),
  ];
}

function routeRequestProblems(key: string, route: HttpRoute, { gateway }: PlatformConfig): Problem[] {
  const { rateLimit, timeout, authentication } = route;
  return [
    ...(typeof rateLimit === "string"
      ? unknownName(`${key}.rateLimit`, rateLimit, Object.keys(gateway.rateLimits), "gateway.rateLimits")
      : []),
    ...(timeout === undefined ? [] : timeoutProblems(`${key}.timeout`, timeout, gateway.timeouts)),
    ...(typeof authentication === "object"
      ? unknownName(
          `${key}.authentication.basic`,
          authentication.basic,
          Object.keys(gateway.users),
          "gateway.users",
        )
      : []),
  ];
}

/** Two spellings of one time are the same time. */
function timeoutProblems(key: string, timeout: Duration, offered: readonly Duration[]): Problem[] {
  const isOffered = offered.some((other) => toMilliseconds(other) === toMilliseconds(timeout));
  return isOffered ? [] : unknownName(key, timeout, offered, "gateway.timeouts");
}

/** Traefik leaves out a route whose list of users it cannot read, and the client gets 404. */
function userListProblems({ gateway, secrets }: PlatformConfig): Problem[] {
  return Object.entries(gateway.users).flatMap(([list, name]) => {
    const key = `gateway.users.${list}`;
    const secret = secrets[name];
    if (secret === undefined) return missingSecret(key, name, secrets);
    const lines = secret.split("\n").map((line) => line.trim());
    const wrong = lines.findIndex((line) => line !== "" && !USER_LINE.test(line));
    if (wrong === -1 && lines.some((line) => line !== "")) return [];
    const found = wrong === -1 ? "without a user" : `whose line ${wrong + 1} is no user`;
    return [
      {
        key,
        reason: `got a secret value ${found}, each is a line \`name:hash\` with a bcrypt hash; make it with \`htpasswd -nB NAME\``,
      },
    ];
  });
}
