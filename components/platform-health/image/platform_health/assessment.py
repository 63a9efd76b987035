"""What the state of containers says about the platform."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from platform_health.containers import Container

STAGE_LABEL = "stage"
# `stage1-cleaning`, the name of the stage in every health answer.
PROJECT_LABEL = "com.docker.compose.project"
# A container that does its work and ends; the run that started it judged its exit code.
RUNS_TO_END_LABEL = "storytelling.runs-to-end"

OK = "ok"
# A stage that was just attached: no reason to call the platform ill.
STARTING = "starting"


def assess(containers: Iterable[Container], services: Mapping[str, str]) -> dict[str, str]:
    """A verdict for each of the platform's services, which are given by container, and for each stage that is there."""
    every = list(containers)
    by_name = {container.name: container for container in every}
    verdicts = {service: _service(by_name.get(name), name) for service, name in services.items()}
    for project, members in sorted(_stages(every).items()):
        verdicts[project] = _stage(members)
    return verdicts


def is_well(verdicts: Mapping[str, str]) -> bool:
    return all(verdict in (OK, STARTING) for verdict in verdicts.values())


def _stages(containers: list[Container]) -> dict[str, list[Container]]:
    stages = defaultdict(list)
    for container in containers:
        if STAGE_LABEL in container.labels and RUNS_TO_END_LABEL not in container.labels:
            stages[container.labels.get(PROJECT_LABEL, container.name)].append(container)
    return stages


def _service(container: Container | None, name: str) -> str:
    """Everybody needs it, so one that only starts is not there yet."""
    if container is None:
        return f"failed: there is no container {name}"
    trouble = _trouble(container)
    return OK if trouble is None else f"failed: {name} is {trouble}"


def _stage(members: list[Container]) -> str:
    troubles = {container.name: trouble for container in members if (trouble := _trouble(container)) is not None}
    failures = [f"{name} is {trouble}" for name, trouble in sorted(troubles.items()) if trouble != STARTING]
    if failures:
        return f"failed: {', '.join(failures)}"
    return STARTING if troubles else OK


def _trouble(container: Container) -> str | None:
    # One that was created and not started yet waits for what it needs.
    if container.state == "created":
        return STARTING
    return container.trouble if container.state == "running" else container.state
