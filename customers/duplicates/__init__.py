from .find import Draft, Match, find

__all__ = ["Draft", "Match", "find"]
