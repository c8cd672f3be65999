// A morning of alice's with @microsoft/microsoft-graph-client: find, read, draft, send, delta, batch, task with
// link, categories, settings. Prints what it saw as JSON. Arguments: the server's address and a token.
"use strict";
const { BatchRequestContent, BatchResponseContent, Client, GraphError, PageIterator } =
  require("@microsoft/microsoft-graph-client");

const IDS = "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-token";

async function all(client, page) {
  const found = [];
  const iterator = new PageIterator(client, page, (one) => found.push(one) > 0);
  await iterator.iterate();
  return [found, iterator.getDeltaLink()];
}

async function mail(client, seen) {
  const found = await client.api("/me/messages").filter("contains(subject,'Figures')").select(["id", "subject"]).get();
  seen.found = found.value.map((one) => one.subject);
  const id = found.value[0].id;
  const question = await client.api(`/me/messages/${id}`).select("from,body,isRead,internetMessageHeaders").get();
  seen.from = question.from.emailAddress.address;
  seen.body = question.body.content.includes("Could you?");
  seen.unread = !question.isRead;
  seen.headers = question.internetMessageHeaders.some((one) => one.name === "Subject");
  seen.mime = (await (await client.api(`/me/messages/${id}/$value`).getStream()) instanceof ReadableStream);

  const properties = [{ id: IDS, value: "t-1" }];
  const draft = await client.api("/me/messages").header("Prefer", 'IdType="ImmutableId"').post({
    subject: "From JavaScript: grüße",
    body: { contentType: "Text", content: "Hello Bob" },
    toRecipients: [{ emailAddress: { address: "bob@corp.example" } }],
    internetMessageHeaders: [{ name: "x-ackd", value: "1" }],
    singleValueExtendedProperties: properties,
  });
  seen.draft = draft.isDraft;
  const kept = await client.api(`/me/messages/${draft.id}`)
    .expand(`singleValueExtendedProperties($filter=id eq '${IDS}')`).get();
  seen.property = kept.singleValueExtendedProperties.map((one) => one.value);
  await client.api(`/me/messages/${draft.id}/send`).post({});
  const sent = await client.api("/me/messages")
    .filter(`singleValueExtendedProperties/any(ep: ep/id eq '${IDS}' and ep/value eq 't-1')`).get();
  seen.sent = sent.value.map((one) => [one.subject, one.isDraft]);
  const reply = await client.api(`/me/messages/${id}/createReply`).post({ comment: "Here it is" });
  await client.api(`/me/messages/${reply.id}/send`).post({});
  await client.api("/me/sendMail").post({
    message: { subject: "In one step", toRecipients: [{ emailAddress: { address: "bob@corp.example" } }] },
  });
  seen.sentItems = (await client.api("/me/mailFolders/sentitems/messages").count(true).get())["@odata.count"];
  try {
    await client.api("/me/messages/AAMkAGI=").get();
  } catch (error) {
    seen.error = [error instanceof GraphError, error.statusCode, error.code, typeof error.requestId];
  }
  return id;
}

async function delta(client, seen, id) {
  const first = await client.api("/me/mailFolders/inbox/messages/delta").select("subject,isRead,categories")
    .header("Prefer", "odata.maxpagesize=1").get();
  const [listed, link] = await all(client, first);
  seen.listed = listed.length;
  await client.api(`/me/messages/${id}`).patch({ isRead: true, categories: ["Seen by JavaScript"] });
  const [changed, next] = await all(client, await client.api(link).get());
  seen.changed = changed.map((one) => [one.id === id, one.categories, one.isRead]);
  await client.api(`/me/messages/${id}/move`).post({ destinationId: "junkemail" });
  const [gone] = await all(client, await client.api(next).get());
  seen.gone = gone.map((one) => [one.id === id, one["@removed"].reason]);
}

async function batch(client, seen) {
  const json = { "Content-Type": "application/json" };
  const make = { displayName: "From a batch" };
  const content = new BatchRequestContent([
    {
      id: "1",
      request: new Request("https://graph.microsoft.com/me/mailFolders", { method: "POST", headers: json, body: JSON.stringify(make) }),
    },
    { id: "2", request: new Request("https://graph.microsoft.com/me/mailFolders?$filter=displayName eq 'From a batch'"), dependsOn: ["1"] },
    { id: "3", request: new Request("https://graph.microsoft.com/me/messages/AAMkAGI="), dependsOn: ["2"] },
  ]);
  const answer = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
  seen.batch = ["1", "2", "3"].map((id) => answer.getResponseById(id).status);
  seen.folder = (await answer.getResponseById("2").json()).value.map((one) => one.displayName);
}

async function task(client, seen) {
  const lists = (await client.api("/me/todo/lists").get()).value;
  const list = lists.find((one) => one.wellknownListName === "defaultList");
  const base = `/me/todo/lists/${list.id}/tasks`;
  const [, start] = await all(client, await client.api(`${base}/delta`).get());
  const made = await client.api(base).post({
    title: "Answer Bob",
    dueDateTime: { dateTime: "2026-12-01T00:00:00", timeZone: "UTC" },
    isReminderOn: true,
    reminderDateTime: { dateTime: "2026-11-30T09:00:00", timeZone: "UTC" },
    categories: ["Promised"],
    linkedResources: [
      { applicationName: "ackd", externalId: "t-1", displayName: "Figures", webUrl: "https://exchange.example/1" },
    ],
    extensions: [
      { "@odata.type": "microsoft.graph.openTypeExtension", extensionName: "example.ackd", asker: "bob", moves: 0 },
    ],
  });
  const kept = await client.api(`${base}/${made.id}`).expand("linkedResources").get();
  seen.task = [kept.title, kept.dueDateTime.dateTime.slice(0, 19), kept.reminderDateTime.dateTime.slice(0, 19)];
  seen.link = kept.linkedResources.map((one) => [one.applicationName, one.externalId]);
  seen.extension = (await client.api(`${base}/${made.id}/extensions/example.ackd`).get()).asker;
  const [told, after] = await all(client, await client.api(start).get());
  seen.told = told.map((one) => one.title);
  await client.api(`${base}/${made.id}`).patch({ status: "completed" });
  const [done, last] = await all(client, await client.api(after).get());
  seen.done = done.map((one) => one.status);
  await client.api(`${base}/${made.id}`).delete();
  seen.deleted = (await all(client, await client.api(last).get()))[0].map((one) => "@removed" in one);
}

async function calendar(client, seen) {
  const event = await client.api("/me/events").post({
    subject: "Round",
    start: { dateTime: "2026-12-01T09:00:00", timeZone: "W. Europe Standard Time" },
    end: { dateTime: "2026-12-01T10:00:00", timeZone: "W. Europe Standard Time" },
    transactionId: "t-2",
    showAs: "free",
  });
  const view = await client.api("/me/calendarView")
    .query({ startDateTime: "2026-12-01T00:00:00Z", endDateTime: "2026-12-02T00:00:00Z" })
    .header("Prefer", 'outlook.timezone="Europe/Berlin"').get();
  seen.view = view.value.map((one) => [one.subject, one.start.dateTime.slice(11, 16), one.id === event.id]);
  await client.api(`/me/events/${event.id}`).delete();
}

async function settings(client, seen) {
  const category = { displayName: "Promised", color: "preset3" };
  const made = await client.api("/me/outlook/masterCategories").post(category);
  const kept = (await client.api("/me/outlook/masterCategories").get()).value;
  seen.category = kept.filter((one) => one.id === made.id).map((one) => [one.displayName, one.color]);
  const away = { status: "alwaysEnabled", internalReplyMessage: "Away", externalAudience: "all" };
  await client.api("/me/mailboxSettings").patch({ automaticRepliesSetting: away });
  const settings = await client.api("/me/mailboxSettings").get();
  seen.away = settings.automaticRepliesSetting.status;
  seen.zone = settings.timeZone;
  seen.hours = settings.workingHours.daysOfWeek.length > 0;
}

async function main(baseUrl, token) {
  const { hostname } = new URL(baseUrl);
  const client = Client.init({
    baseUrl: baseUrl.replace(/v1\.0\/?$/, ""),
    defaultVersion: "v1.0",
    customHosts: new Set([hostname]),
    authProvider: (done) => done(null, token),
  });
  const seen = { me: (await client.api("/me").get()).mail };
  const id = await mail(client, seen);
  for (const part of [batch, task, calendar, settings]) await part(client, seen);
  await delta(client, seen, id);
  process.stdout.write(JSON.stringify(seen));
}

main(process.argv[2], process.argv[3]).catch((error) => {
  process.stderr.write(`${error && error.stack ? error.stack : ""} ${JSON.stringify(error)}\n`);
  process.exit(1);
});
