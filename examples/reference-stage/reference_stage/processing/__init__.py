"""What a stage does with a document. This package is the part that a stage team replaces."""

from collections.abc import Callable
from functools import partial
from typing import Any

from reference_stage.errors import EnvironmentInvalid
from reference_stage.processing.cleaning import clean_document
from reference_stage.processing.ner_client import NerClient
from reference_stage.processing.nlp import analyse_document
from reference_stage.settings import StageSettings

Processor = Callable[[str], dict[str, Any]]


def create_processor(settings: StageSettings) -> Processor:
    """The example has two stages in one code base; a stage without an own processor cleans text."""
    if settings.stage_name != "nlp":
        return clean_document
    if settings.ner_service_url is None:
        raise EnvironmentInvalid("cannot start: missing environment variables: NER_SERVICE_URL; stage nlp needs it")
    return partial(analyse_document, find_entities=NerClient(settings.ner_service_url).find_entities)
