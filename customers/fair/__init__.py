from .cards import EARLIER, OTHER, Card, Placed, State, place
from .entering import CampaignClosed, Line, Outcome, enter_cards

__all__ = [
    "EARLIER",
    "OTHER",
    "CampaignClosed",
    "Card",
    "Line",
    "Outcome",
    "Placed",
    "State",
    "enter_cards",
    "place",
]
