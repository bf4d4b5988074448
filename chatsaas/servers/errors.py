"""What the launcher says when it cannot give the project its servers."""


class ServerError(Exception):
    """A server could not be started or stopped; the text says why and what to do."""
