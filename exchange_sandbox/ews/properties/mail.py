"""Properties of messages and posts, in schema order."""

from __future__ import annotations

from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.properties.common import IN_DRAFT, NEVER
from exchange_sandbox.ews.properties.prop import Prop
from exchange_sandbox.store.schema import Key


def _unknown(group: str, *names: str) -> tuple[Prop, ...]:
    return tuple(Prop(name, f"{group}:{name}", kinds.Unknown(), NEVER, apart=True) for name in names)


_SENDER = Prop("Sender", "message:Sender", compound.Recipient(), IN_DRAFT)
_FROM = Prop("From", "message:From", compound.Recipient(), IN_DRAFT, shown=True)
_INDEX = Prop("ConversationIndex", "message:ConversationIndex", kinds.Binary(), IN_DRAFT)
_TOPIC = Prop("ConversationTopic", "message:ConversationTopic", kinds.Text(), NEVER)
_MESSAGE_ID = Prop("InternetMessageId", "message:InternetMessageId", kinds.Text(), IN_DRAFT)
_READ = Prop("IsRead", "message:IsRead", kinds.Boolean(), default=False, shown=True)
_REFERENCES = Prop("References", "message:References", kinds.Text())


def _recipients(name: str) -> Prop:
    return Prop(name, f"message:{name}", compound.Recipients(), IN_DRAFT, find=False, append=True, shown=True)


MESSAGE: tuple[Prop, ...] = (
    _SENDER,
    _recipients("ToRecipients"),
    _recipients("CcRecipients"),
    _recipients("BccRecipients"),
    Prop(
        "IsReadReceiptRequested", "message:IsReadReceiptRequested", kinds.Boolean(), IN_DRAFT, default=False
    ),
    Prop(
        "IsDeliveryReceiptRequested",
        "message:IsDeliveryReceiptRequested",
        kinds.Boolean(),
        IN_DRAFT,
        default=False,
    ),
    _INDEX,
    _TOPIC,
    _FROM,
    _MESSAGE_ID,
    _READ,
    Prop("IsResponseRequested", "message:IsResponseRequested", kinds.Boolean()),
    _REFERENCES,
    Prop("ReplyTo", "message:ReplyTo", compound.Recipients(), IN_DRAFT, find=False, append=True),
    Prop("ReceivedBy", "message:ReceivedBy", compound.Recipient(), NEVER),
    Prop("ReceivedRepresenting", "message:ReceivedRepresenting", compound.Recipient(), NEVER),
    *_unknown("message", "ApprovalRequestData", "VotingInformation", "ReminderMessageData"),
)

POST: tuple[Prop, ...] = (
    _INDEX,
    _TOPIC,
    _FROM,
    _MESSAGE_ID,
    _READ,
    Prop(
        "PostedTime",
        "postitem:PostedTime",
        kinds.Moment(),
        NEVER,
        read=lambda item, _: item.bag.get(Key.SENT),
    ),
    _REFERENCES,
    _SENDER,
)
