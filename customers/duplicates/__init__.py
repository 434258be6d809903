from .find import Draft, Match, find, find_many

__all__ = ["Draft", "Match", "find", "find_many"]
