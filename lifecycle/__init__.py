"""Campaigns, leads, opportunities, quotes, contracts, handover, delivery."""
