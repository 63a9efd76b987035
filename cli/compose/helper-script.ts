import type { StageDefinition } from "../../components/stage/definition.ts";
import { entryName, routePrefix, stageProject } from "../../components/stage/names.ts";
import { NETWORK } from "./context.ts";
import { COMPOSE_FILE } from "./project.ts";
import { firstKey } from "./service-keys.ts";

/** Name of the script that starts and stops an exported stage (`000-012`). */
export const HELPER_SCRIPT = "run-with-infrastructure.sh";

/**
 * The script of the sources (`000-061` to `000-068`, `000-187`, `000-188`). It looks for the network by its exact name and
 * waits until every container is well; theirs matched a part of the name and slept.
 */
export function helperScript(stage: StageDefinition, gatewayUrl: string): string {
  const entry = firstKey(stage, entryName(stage));
  // The gateway's certificate is for a domain, and this asks at the host's own address.
  const trust = gatewayUrl.startsWith("https:") ? " --insecure" : "";
  return `#!/bin/bash
# Stage ${stage.number}, ${stage.name}, on the running platform.
set -euo pipefail

cd "$(dirname "$0")"

HEALTH_URL=${gatewayUrl}${routePrefix(stage)}/health
INFRASTRUCTURE=\${INFRASTRUCTURE:-../infrastructure}

stage() {
  docker compose --project-name ${stageProject(stage)} --file ${COMPOSE_FILE} "$@"
}

start_infrastructure() {
  docker network inspect ${NETWORK} > /dev/null 2>&1 && return
  if [ ! -f "$INFRASTRUCTURE/package.json" ]; then
    echo "The platform does not run: there is no network ${NETWORK}." >&2
    echo "Start it with 'npm run up', or set INFRASTRUCTURE to its folder and this script does." >&2
    exit 1
  fi
  npm --prefix "$INFRASTRUCTURE" run up
}

# The gateway answers in plain text while the stage is not there (404) or was asked too often (429).
show_health() {
  local answer
  answer=$(curl --silent --show-error${trust} "$HEALTH_URL")
  if command -v jq > /dev/null && jq . <<< "$answer" 2> /dev/null; then return; fi
  echo "$answer"
}

case "\${1:-help}" in
  start)
    start_infrastructure
    stage up --detach --wait
    echo "Stage ${stage.number} runs: $HEALTH_URL"
    ;;
  stop)
    stage down
    ;;
  logs)
    stage logs --follow "\${2:-${entry}}"
    ;;
  health)
    show_health
    ;;
  *)
    echo "Usage: $0 {start|stop|logs|health}"
    ;;
esac
`;
}
