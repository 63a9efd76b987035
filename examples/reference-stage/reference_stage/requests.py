"""What the API takes and answers."""

import uuid
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

DocumentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]
MOST_DOCUMENTS = 1000


class Document(BaseModel):
    document_id: DocumentId = Field(default_factory=lambda: uuid.uuid4().hex)
    text: str = Field(min_length=1, max_length=1_000_000)
    # With a version, sending the same again changes nothing.
    version: str | None = Field(default=None, max_length=256)


class Accepted(BaseModel):
    document_id: str
    # Missing when this version of the document was taken before.
    task_id: str | None
    status_url: str


class Job(BaseModel):
    job_id: DocumentId = Field(default_factory=lambda: uuid.uuid4().hex)
    batch_id: DocumentId
    documents: list[Document] = Field(min_length=1, max_length=MOST_DOCUMENTS)

    @model_validator(mode="after")
    def _documents_are_different(self) -> Self:
        if len({document.document_id for document in self.documents}) < len(self.documents):
            raise ValueError("two documents have the same document_id")
        return self


class AcceptedJob(BaseModel):
    job_id: str
    batch_id: str
    documents: int
    status_url: str
