"""What an answer tells."""

from urllib.parse import unquote

from tests.security.west import TELLING


def text_of(answer):
    body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
    return body + unquote(" ".join(answer.headers.values()))


def told(answer):
    """What the answer, its headers included, tells of West."""
    text = text_of(answer)
    return [secret for secret in TELLING if secret in text]
