"""The two kinds of failure that the rest of the stage tells apart."""


class EnvironmentInvalid(Exception):
    """The injected environment is incomplete or wrong; the process must not start."""


class DependencyUnavailable(Exception):
    """A store or service does not answer now. The API says 503, the worker tries again later."""

    def __init__(self, dependency: str, cause: BaseException) -> None:
        super().__init__(f"{dependency} is unavailable: {describe(cause)}")


def describe(error: BaseException) -> str:
    """Timeouts and broken connections often have no message; their type is then all there is to say."""
    return str(error) or type(error).__name__
