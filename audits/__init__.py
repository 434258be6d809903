"""Inspections, sweeps, reviews, findings, penalties, figures, the monthly report."""
