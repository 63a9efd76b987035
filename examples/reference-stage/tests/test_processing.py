import pytest

from reference_stage.errors import EnvironmentInvalid
from reference_stage.processing import create_processor
from reference_stage.processing.cleaning import clean_document, clean_text
from reference_stage.processing.dependencies import find_dependencies
from reference_stage.processing.entities import find_entities
from reference_stage.processing.nlp import analyse_document
from reference_stage.processing.story_events import find_events
from reference_stage.settings import StageSettings, parse


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a \t b\u00a0c", "a b c"),
        ("line one\r\nline two\r\n\r\n\r\nnext", "line one line two\n\nnext"),
        ("zero\u200bwidth and \x00 nul", "zerowidth and nul"),
        ("hyphen-\nated but North-\nSouth", "hyphenated but North- South"),
        ("e\u0301 \ufb01n", "é fin"),
        (" \n\n ", ""),
    ],
)
def test_cleaning_normalises_text(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


def test_cleaning_counts_what_it_kept() -> None:
    result = clean_document("Two  words.\n\n\nThree more words.")
    assert result == {
        "text": "Two words.\n\nThree more words.",
        "characters_before": 31,
        "characters": 29,
        "words": 5,
        "paragraphs": 2,
    }


def test_a_capitalised_run_is_a_name_and_a_sentence_opener_alone_is_not() -> None:
    found = find_entities("Yesterday Ada Lovelace met Babbage. Babbage smiled. They left.")
    assert {entity["text"]: entity["count"] for entity in found} == {
        "Yesterday Ada Lovelace": 1,
        "Babbage": 2,
    }


def test_nlp_counts_ranks_keywords_and_asks_for_names() -> None:
    finders = {"entities": lambda text: [{"text": text[:3]}]}
    result = analyse_document("The engine runs. The engine's engine stops!", finders)
    assert result == {
        "sentences": 2,
        "words": 7,
        "distinct_words": 5,
        "keywords": ["engine", "runs", "engine's", "stops"],
        "entities": [{"text": "The"}],
    }


def test_the_verb_parts_a_sentence_in_two() -> None:
    assert find_dependencies("Ada Lovelace wrote. Babbage invented the engine. Silence!") == [
        {"subject": "Babbage", "verb": "invented", "object": "the engine"}
    ]


def test_a_sentence_with_a_date_tells_of_an_event() -> None:
    assert find_events("It rained. On 10 June 1833 Ada met Babbage.") == [
        {"when": "10 June 1833", "who": ["June", "Ada", "Babbage"], "sentence": "On 10 June 1833 Ada met Babbage."}
    ]


def test_stage_nlp_does_not_start_without_its_internal_service(environment: dict[str, str]) -> None:
    settings = parse(StageSettings, {**environment, "STAGE_NAME": "nlp"})
    with pytest.raises(EnvironmentInvalid, match="NER_SERVICE_URL"):
        create_processor(settings)
