"""Moments as tests write them: `at("2026-11-23 14:53")` in Shanghai."""

from datetime import datetime

from policy.calendar import SHANGHAI


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(moment):
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
