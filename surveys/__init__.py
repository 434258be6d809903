"""Questionnaires, waves, invitations, answers, measures."""
