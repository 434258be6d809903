from .access import AccessLog
from .event import Event, EventTaken
from .export import ExportJob
from .message import CustomerMessage, Purpose, Unsubscribe
from .notice import Notice, NoticeAttachment, NoticeRead, NoticeUnit
from .notification import Channel, ChannelPreference, Delivery, GroupRobot, Notification, PushSettings
from .outgoing import STUCK, State

__all__ = [
    "STUCK",
    "AccessLog",
    "Channel",
    "ChannelPreference",
    "CustomerMessage",
    "Delivery",
    "Event",
    "EventTaken",
    "ExportJob",
    "GroupRobot",
    "Notice",
    "NoticeAttachment",
    "NoticeRead",
    "NoticeUnit",
    "Notification",
    "Purpose",
    "PushSettings",
    "State",
    "Unsubscribe",
]
