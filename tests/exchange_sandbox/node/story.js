// A morning of alice's with ews-javascript-api: find, bind, create, send, update, sync, task, events.
// Prints what it saw as JSON. Arguments: the server's address and the mail's subject.
"use strict";
const ews = require("ews-javascript-api");

// A meeting that recurs: invite, look, change one, be answered.
async function meet(service, url, all, seen) {
  const meeting = new ews.Appointment(service);
  meeting.Subject = "Round";
  meeting.Start = ews.DateTime.Parse("2026-11-30T09:00:00Z");
  meeting.End = ews.DateTime.Parse("2026-11-30T10:00:00Z");
  meeting.RequiredAttendees.Add("bob@corp.example");
  meeting.Recurrence = new ews.Recurrence.WeeklyPattern(meeting.Start, 1, [ews.DayOfTheWeek.Monday]);
  meeting.Recurrence.NumberOfOccurrences = 3;
  await meeting.Save(ews.SendInvitationsMode.SendToAllAndSaveCopy);
  const second = await ews.Appointment.BindToOccurrence(service, meeting.Id, 2);
  second.Subject = "Other";
  await second.Update(ews.ConflictResolutionMode.AlwaysOverwrite, ews.SendInvitationsOrCancellationsMode.SendToNone);
  const span = new ews.CalendarView(ews.DateTime.Parse("2026-11-01T00:00:00Z"), ews.DateTime.Parse("2027-01-01T00:00:00Z"));
  const view = await service.FindAppointments(ews.WellKnownFolderName.Calendar, span);
  seen.view = view.Items.map((item) => item.Subject);
  const master = await ews.Appointment.BindToRecurringMaster(service, second.Id);
  seen.modified = master.ModifiedOccurrences.Count;

  const bob = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013_SP1);
  bob.Credentials = new ews.WebCredentials("bob@corp.example", "secret");
  bob.Url = new ews.Uri(url);
  const found = await bob.FindItems(ews.WellKnownFolderName.Inbox, new ews.ItemView(10));
  const request = found.Items.find((item) => item instanceof ews.MeetingRequest);
  const done = await (await ews.MeetingRequest.Bind(bob, request.Id, all)).Accept(true);
  seen.accepted = ews.MeetingResponseType[(await ews.Appointment.Bind(bob, done.Appointment.Id, all)).MyResponseType];
}

async function main(url, subject) {
  ews.EwsLogging.DebugLogEnabled = false;
  const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013_SP1);
  service.Credentials = new ews.WebCredentials("alice@corp.example", "secret");
  service.Url = new ews.Uri(url);
  const seen = {};
  const inbox = new ews.FolderId(ews.WellKnownFolderName.Inbox);
  const tasks = new ews.FolderId(ews.WellKnownFolderName.Tasks);
  const all = new ews.PropertySet(ews.BasePropertySet.FirstClassProperties);

  // find
  const filter = new ews.SearchFilter.ContainsSubstring(ews.ItemSchema.Subject, subject);
  const found = await service.FindItems(inbox, filter, new ews.ItemView(10));
  seen.found = found.Items.map((item) => item.Subject);

  // bind
  const mail = await ews.EmailMessage.Bind(service, found.Items[0].Id, all);
  seen.from = mail.From.Address;
  seen.body = mail.Body.Text.trim();
  seen.unread = !mail.IsRead;

  // update
  mail.IsRead = true;
  mail.Categories.Add("Seen by Node");
  await mail.Update(ews.ConflictResolutionMode.AlwaysOverwrite);
  const again = await ews.EmailMessage.Bind(service, mail.Id, all);
  seen.read = again.IsRead;
  seen.categories = again.Categories.GetEnumerator();

  // create and send
  const letter = new ews.EmailMessage(service);
  letter.Subject = "From Node: grüße";
  letter.Body = new ews.MessageBody(ews.BodyType.Text, "Hello Bob");
  letter.ToRecipients.Add("bob@corp.example");
  await letter.SendAndSaveCopy();
  await mail.Reply(new ews.MessageBody("Here it is"), false);

  // a task
  const task = new ews.Task(service);
  task.Subject = "Answer Bob";
  task.DueDate = ews.DateTime.Parse("2026-12-01T00:00:00Z");
  task.ReminderDueBy = ews.DateTime.Parse("2026-11-30T09:00:00Z");
  task.IsReminderSet = true;
  await task.Save(tasks);
  const kept = await ews.Task.Bind(service, task.Id, all);
  seen.task = kept.Subject;
  kept.PercentComplete = 100;
  await kept.Update(ews.ConflictResolutionMode.AutoResolve);
  seen.complete = (await ews.Task.Bind(service, kept.Id, all)).IsComplete;

  await meet(service, url, all, seen);

  // sync
  const ids = new ews.PropertySet(ews.BasePropertySet.IdOnly);
  const first = await service.SyncFolderItems(inbox, ids, null, 100, ews.SyncFolderItemsScope.NormalItems, null);
  seen.listed = first.Count;
  await mail.Delete(ews.DeleteMode.MoveToDeletedItems);
  const second = await service.SyncFolderItems(
    inbox, ids, null, 100, ews.SyncFolderItemsScope.NormalItems, first.SyncState);
  seen.changes = second.GetEnumerator().map((change) => ews.ChangeType[change.ChangeType]);

  // events: asked for, and in a stream
  const names = (events) => events.map((one) => ews.EventType[one.EventType]);
  const pull = await service.SubscribeToPullNotifications([tasks], 5, null, ews.EventType.Created);
  const stream = await service.SubscribeToStreamingNotifications([tasks], ews.EventType.Created);
  const last = new ews.Task(service);
  last.Subject = "One more";
  await last.Save(tasks);
  seen.pulled = names((await pull.GetEvents()).AllEvents);
  const connection = new ews.StreamingSubscriptionConnection(service, 1);
  connection.AddSubscription(stream);
  seen.streamed = await new Promise((resolve, reject) => {
    connection.OnNotificationEvent.push((_, told) => resolve(names(told.Events)));
    connection.OnSubscriptionError.push((_, told) => reject(told.Exception));
    connection.Open();
  });
  connection.Close();
  process.stdout.write(JSON.stringify(seen));
}

main(process.argv[2], process.argv[3]).catch((error) => {
  process.stderr.write(`${error && error.stack ? error.stack : JSON.stringify(error)}\n`);
  process.exit(1);
});
