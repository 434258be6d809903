"""Complaints, requests, crises."""
