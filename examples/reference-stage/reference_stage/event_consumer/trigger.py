"""Has the stage process what an event tells of, by its own orchestrator."""

from typing import Any, Protocol

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from reference_stage.cloud_events import CloudEvent, InvalidEvent
from reference_stage.errors import DependencyUnavailable
from reference_stage.event_consumer.source_documents import SourceDocument
from reference_stage.request_context import REQUEST_ID_HEADER, current_request_id

TIMEOUT_SECONDS = 10
# The orchestrator, or something that it needs, is away for the moment.
TRY_LATER = frozenset({429, 502, 503, 504})

log = structlog.stdlib.get_logger(__name__)


class DocumentReader(Protocol):
    async def read(self, document_ids: list[str]) -> list[SourceDocument]: ...


class DocumentData(BaseModel):
    document_id: str
    # Only of producers that send it along.
    text: str | None = None


class JobData(BaseModel):
    job_id: str
    batch_id: str
    document_ids: list[str]


class Trigger:
    """
    Every request may be repeated: the orchestrator takes the same job, and the same version of a document, once.
    Raises DependencyUnavailable when a later attempt may succeed on its own, InvalidEvent when none can.
    """

    def __init__(
        self, *, stage_name: str, orchestrator: httpx.AsyncClient, documents: DocumentReader, batch_mode: bool
    ) -> None:
        self._stage_name = stage_name
        self._orchestrator = orchestrator
        self._documents = documents
        self._batch_mode = batch_mode

    async def process(self, event: CloudEvent) -> None:
        if event.type.endswith(".job.completed"):
            await self._process_job(_data(JobData, event))
        else:
            await self._process_document(_data(DocumentData, event), event.id)

    async def _process_job(self, job: JobData) -> None:
        if not job.document_ids:
            return
        documents = await self._documents.read(job.document_ids)
        if not self._batch_mode:
            for document in documents:
                await self._send_document(document)
            return
        body = {
            "job_id": job.job_id,
            "batch_id": job.batch_id,
            "documents": [_body(document) for document in documents],
        }
        await self._post("/jobs", body)
        log.info(f"{self._stage_name}_batch_processing_triggered", job_id=job.job_id, batch_id=job.batch_id)

    async def _process_document(self, data: DocumentData, event_id: str) -> None:
        if data.text is not None:
            await self._send_document(SourceDocument(data.document_id, event_id, data.text))
            return
        for document in await self._documents.read([data.document_id]):
            await self._send_document(document)

    async def _send_document(self, document: SourceDocument) -> None:
        await self._post("/process", _body(document))

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        request_id = current_request_id()
        headers = {REQUEST_ID_HEADER: request_id} if request_id else {}
        try:
            response = await self._orchestrator.post(path, json=body, headers=headers)
        except httpx.TransportError as error:
            raise DependencyUnavailable("the orchestrator", error) from error
        if response.status_code in TRY_LATER:
            raise DependencyUnavailable("the orchestrator", RuntimeError(response.text))
        response.raise_for_status()


def _body(document: SourceDocument) -> dict[str, Any]:
    return {"document_id": document.document_id, "version": document.version, "text": document.text}


def _data[D: BaseModel](schema: type[D], event: CloudEvent) -> D:
    try:
        return schema.model_validate(event.data)
    except ValidationError as error:
        fields = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise InvalidEvent(f"the data of a {event.type} is wrong in: {fields}") from None
