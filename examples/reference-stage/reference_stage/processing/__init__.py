"""What a stage does with a document. This package is the part that a stage team replaces."""

from collections.abc import Callable
from functools import partial
from typing import Any

from reference_stage.errors import EnvironmentInvalid
from reference_stage.processing.cleaning import clean_document
from reference_stage.processing.internal_service import InternalService
from reference_stage.processing.nlp import Finder, analyse_document
from reference_stage.settings import StageSettings

Processor = Callable[[str], dict[str, Any]]


def create_processor(settings: StageSettings) -> Processor:
    """The example has two stages in one code base; a stage without an own processor cleans text."""
    if settings.stage_name != "nlp":
        return clean_document
    if settings.ner_service_url is None:
        raise EnvironmentInvalid("cannot start: missing environment variables: NER_SERVICE_URL; stage nlp needs it")
    services = {
        "entities": ("ner-service", settings.ner_service_url),
        # A deployment may do without these two.
        "dependencies": ("dp-service", settings.dp_service_url),
        "events": ("event-llm-service", settings.event_llm_service_url),
    }
    finders = {what: _finder(what, name, url) for what, (name, url) in services.items() if url is not None}
    return partial(analyse_document, finders=finders)


def _finder(what: str, name: str, url: str) -> Finder:
    return partial(InternalService(name, url).ask, what)
