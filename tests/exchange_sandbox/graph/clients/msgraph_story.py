"""A morning of alice's with msgraph-sdk, Microsoft's own model of Graph, unchanged: an app that acts for her.

What it saw goes to the standard output as JSON. The addresses are the client's own, see stand_in.py.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.models.automatic_replies_setting import AutomaticRepliesSetting
from msgraph.generated.models.automatic_replies_status import AutomaticRepliesStatus
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.category_color import CategoryColor
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.importance import Importance
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.linked_resource import LinkedResource
from msgraph.generated.models.mail_folder import MailFolder
from msgraph.generated.models.mailbox_settings import MailboxSettings
from msgraph.generated.models.message import Message
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.open_type_extension import OpenTypeExtension
from msgraph.generated.models.outlook_category import OutlookCategory
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.single_value_legacy_extended_property import SingleValueLegacyExtendedProperty
from msgraph.generated.models.task_status import TaskStatus
from msgraph.generated.models.todo_task import TodoTask
from msgraph.generated.models.wellknown_list_name import WellknownListName
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import (
    CalendarViewRequestBuilder,
)
from msgraph.generated.users.item.mail_folders.item.messages.delta.delta_request_builder import (
    DeltaRequestBuilder,
)
from msgraph.generated.users.item.messages.item.create_reply.create_reply_post_request_body import (
    CreateReplyPostRequestBody,
)
from msgraph.generated.users.item.messages.item.message_item_request_builder import MessageItemRequestBuilder
from msgraph.generated.users.item.messages.item.move.move_post_request_body import MovePostRequestBody
from msgraph.generated.users.item.messages.messages_request_builder import MessagesRequestBuilder
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody

TOKEN = "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-token"
BOB = [Recipient(email_address=EmailAddress(address="bob@corp.example"))]


async def mail(alice: Any, seen: dict[str, Any]) -> None:
    query = MessagesRequestBuilder.MessagesRequestBuilderGetQueryParameters
    asked = RequestConfiguration(
        query_parameters=query(filter="contains(subject,'Figures')", select=["id", "subject"], count=True)
    )
    found = await alice.messages.get(request_configuration=asked)
    seen["found"] = [one.subject for one in found.value]
    question = alice.messages.by_message_id(found.value[0].id)
    kept = await question.get()
    seen["from"], seen["unread"] = kept.from_.email_address.address, not kept.is_read
    seen["received"], seen["body"] = kept.received_date_time.tzinfo is not None, kept.body.content_type.value
    await question.patch(Message(is_read=True, categories=["Seen by msgraph"]))
    seen["categories"] = (await question.get()).categories
    seen["mime"] = b"Subject: Figures" in await question.content.get()

    draft = await alice.messages.post(
        Message(
            subject="From msgraph: grüße",
            body=ItemBody(content_type=BodyType.Text, content="Hello Bob"),
            importance=Importance.High,
            to_recipients=BOB,
            single_value_extended_properties=[SingleValueLegacyExtendedProperty(id=TOKEN, value="t-1")],
        )
    )
    item = MessageItemRequestBuilder.MessageItemRequestBuilderGetQueryParameters
    asked = RequestConfiguration(
        query_parameters=item(expand=[f"singleValueExtendedProperties($filter=id eq '{TOKEN}')"])
    )
    kept = await alice.messages.by_message_id(draft.id).get(request_configuration=asked)
    seen["property"] = [one.value for one in kept.single_value_extended_properties]
    await alice.messages.by_message_id(draft.id).send.post()
    condition = f"singleValueExtendedProperties/any(ep: ep/id eq '{TOKEN}' and ep/value eq 't-1')"
    asked = RequestConfiguration(query_parameters=query(filter=condition))
    seen["sent"] = [one.subject for one in (await alice.messages.get(request_configuration=asked)).value]
    reply = await question.create_reply.post(CreateReplyPostRequestBody(comment="Here it is"))
    await alice.messages.by_message_id(reply.id).send.post()
    once = Message(subject="In one step", to_recipients=BOB)
    await alice.send_mail.post(SendMailPostRequestBody(message=once, save_to_sent_items=True))
    try:
        await alice.messages.by_message_id("AAMkAGI=").get()
    except ODataError as error:
        seen["error"] = [error.response_status_code, error.error.code]


async def follow(alice: Any, seen: dict[str, Any]) -> None:
    builder = alice.mail_folders.by_mail_folder_id("inbox").messages.delta
    asked = RequestConfiguration(
        query_parameters=DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
            select=["subject", "isRead", "categories"]
        )
    )
    asked.headers.add("Prefer", "odata.maxpagesize=2")
    page, listed = await builder.get(request_configuration=asked), []
    listed += page.value
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()
        listed += page.value
    seen["listed"] = len(listed)
    await alice.messages.by_message_id(listed[0].id).move.post(
        MovePostRequestBody(destination_id="junkemail")
    )
    page = await builder.with_url(page.odata_delta_link).get()
    seen["gone"] = [[one.id == listed[0].id, one.additional_data["@removed"]] for one in page.value]
    folder = await alice.mail_folders.post(MailFolder(display_name="ackd", is_hidden=True))
    seen["hidden"] = [folder.display_name, folder.is_hidden]
    try:
        await alice.mail_folders.post(MailFolder(display_name="ackd"))
    except ODataError as error:
        seen["taken"] = [error.response_status_code, error.error.code]
    await alice.mail_folders.by_mail_folder_id(folder.id).permanent_delete.post()


async def tasks(alice: Any, seen: dict[str, Any]) -> None:
    lists = (await alice.todo.lists.get()).value
    default = next(one for one in lists if one.wellknown_list_name == WellknownListName.DefaultList)
    box = alice.todo.lists.by_todo_task_list_id(default.id).tasks
    page = await box.delta.get()
    extension = OpenTypeExtension(
        odata_type="microsoft.graph.openTypeExtension",
        extension_name="example.ackd",
        additional_data={"moves": 0},
    )
    made = await box.post(
        TodoTask(
            title="Answer Bob",
            due_date_time=DateTimeTimeZone(date_time="2026-12-01T00:00:00", time_zone="UTC"),
            is_reminder_on=True,
            reminder_date_time=DateTimeTimeZone(date_time="2026-11-30T09:00:00", time_zone="UTC"),
            linked_resources=[
                LinkedResource(
                    application_name="ackd", external_id="t-1", display_name="Figures",
                    web_url="https://exchange.example/1",
                )
            ],
            extensions=[extension],
        )
    )  # fmt: skip
    task = box.by_todo_task_id(made.id)
    kept = await task.get()
    seen["task"] = [kept.title, kept.due_date_time.date_time[:19], kept.reminder_date_time.date_time[:19]]
    seen["link"] = [one.external_id for one in (await task.linked_resources.get()).value]
    seen["extension"] = (await task.extensions.by_extension_id("example.ackd").get()).additional_data["moves"]
    page = await box.delta.with_url(page.odata_delta_link).get()
    seen["told"] = [one.title for one in page.value]
    seen["done"] = (await task.patch(TodoTask(status=TaskStatus.Completed))).status.value
    await task.delete()
    page = await box.delta.with_url(page.odata_delta_link).get()
    seen["deleted"] = ["@removed" in one.additional_data for one in page.value]


async def settings(alice: Any, seen: dict[str, Any]) -> None:
    zone = "W. Europe Standard Time"
    event = await alice.events.post(
        Event(
            subject="Round",
            start=DateTimeTimeZone(date_time="2026-12-01T09:00:00", time_zone=zone),
            end=DateTimeTimeZone(date_time="2026-12-01T10:00:00", time_zone=zone),
            transaction_id="t-2",
        )
    )
    asked = RequestConfiguration(
        query_parameters=CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(
            start_date_time="2026-12-01T00:00:00Z", end_date_time="2026-12-02T00:00:00Z"
        )
    )
    view = await alice.calendar_view.get(request_configuration=asked)
    seen["view"] = [[one.subject, one.start.date_time[11:16], one.id == event.id] for one in view.value]
    made = await alice.outlook.master_categories.post(
        OutlookCategory(display_name="Promised", color=CategoryColor.Preset3)
    )
    kept = (await alice.outlook.master_categories.get()).value
    seen["category"] = [[one.display_name, one.color.value] for one in kept if one.id == made.id]
    away = AutomaticRepliesSetting(
        status=AutomaticRepliesStatus.AlwaysEnabled,
        internal_reply_message="Away",
        external_reply_message="Away",
    )
    await alice.mailbox_settings.patch(MailboxSettings(automatic_replies_setting=away))
    there = await alice.mailbox_settings.get()
    seen["away"], seen["zone"] = there.automatic_replies_setting.status.value, there.time_zone
    seen["hours"] = str(there.working_hours.start_time)


async def main() -> None:
    app = ClientSecretCredential("sandbox", "22222222-0000-4000-8000-000000000001", "app-secret")
    client = GraphServiceClient(app, ["https://graph.microsoft.com/.default"])
    alice = client.users.by_user_id("alice@corp.example")
    seen: dict[str, Any] = {"me": (await alice.get()).mail}
    for part in (mail, follow, tasks, settings):
        await part(alice, seen)
    sys.stdout.write(json.dumps(seen))


asyncio.run(main())
