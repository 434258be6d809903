"""Interactions, visit forms, plans, cadence, care, events."""
