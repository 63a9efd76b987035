"""How many tokens were checked and how many people logged in, by what came of it."""

from prometheus_client import REGISTRY, Counter
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

VALIDATIONS = Counter("identity_validations", "Checks of a token.", ["result"])
LOGINS = Counter("identity_logins", "Attempts to log in.", ["result"])

# From the start at 0, so that `rate()` sees the first one.
for _result in ("valid", "invalid", "forbidden"):
    VALIDATIONS.labels(result=_result)
for _result in ("success", "failure", "forbidden", "limited"):
    LOGINS.labels(result=_result)


def metrics_response(request: Request) -> Response:
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"content-type": content_type})
