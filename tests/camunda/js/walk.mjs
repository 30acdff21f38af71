// Walks Camunda's own client, as published, through every call that it has: a worker of three
// topics. What it saw is written as one JSON object to standard output.
import { readFile } from "node:fs/promises";
import {
  BasicAuthInterceptor,
  Client,
  File,
  Variables,
} from "camunda-external-task-client-js";

const [baseUrl, username, password, picture] = process.argv.slice(2);
const seen = { errors: {}, tasks: [] };
const client = new Client({
  baseUrl,
  workerId: "npm-worker",
  interceptors: new BasicAuthInterceptor({ username, password }),
  asyncResponseTimeout: 2000,
  interval: 50,
  maxTasks: 3,
  sorting: [{ sortBy: Client.SortBy.CreateTime, sortOrder: Client.SortOrder.ASC }],
  autoPoll: false,
});
for (const act of ["complete", "handleFailure", "handleBpmnError", "extendLock", "unlock", "lock"]) {
  client.on(`${act}:error`, (_task, error) => {
    seen.errors[act] = String(error.message ?? error);
  });
}

const finished = new Promise((resolve) => {
  let failures = 0;
  let given = 0;
  client.subscribe("sync", { lockDuration: 20000, includeExtensionProperties: true }, async ({ task, taskService }) => {
    seen.tasks.push(task.topicName);
    if (task.variables.get("mode") === "refuse") {
      await taskService.handleBpmnError(task, "REFUSED", "not there", new Variables().set("why", "x"));
      seen.refused = true;
      return;
    }
    if (failures++ === 0) {
      seen.properties = task.extensionProperties;
      seen.business = task.businessKey;
      await taskService.handleFailure(task, {
        errorMessage: "no line",
        errorDetails: "stack",
        retries: 2,
        retryTimeout: 100,
      });
      return;
    }
    seen.retries = task.retries;
    if (given++ === 0) {
      await taskService.unlock(task);
      return;
    }
    await taskService.lock(task, 30000);
    await taskService.extendLock(task, 40000);
    const file = await new File({ localPath: picture, mimetype: "image/png" }).load();
    const variables = new Variables()
      .set("text", "同步完成")
      .set("json", { found: [1, 2, { deep: true }] })
      .set("at", new Date("2026-03-02T01:30:00.250Z"))
      .set("whole", 41)
      .set("part", 0.5)
      .set("yes", true)
      .set("none", null)
      .set("picture", file);
    await taskService.complete(task, variables, new Variables().set("own", 1));
  });
  client.subscribe("check", async ({ task, taskService }) => {
    seen.tasks.push(task.topicName);
    const got = task.variables.getAll();
    const back = await got.picture.load();
    seen.received = {
      text: got.text,
      json: got.json,
      at: got.at.toISOString(),
      whole: got.whole,
      part: got.part,
      yes: got.yes,
      none: got.none,
      filename: back.filename,
      same: Buffer.compare(back.content, await readFile(picture)) === 0,
    };
    await taskService.complete(task);
    // a stale worker: the task is done and gone
    await taskService.complete(task).catch((error) => {
      seen.stale = String(error.message);
    });
    resolve();
  });
});

client.start();
await Promise.race([finished, new Promise((_r, reject) => setTimeout(reject, 40000, new Error(JSON.stringify(seen))))]);
client.stop();
process.stdout.write(JSON.stringify(seen));
process.exit(0);
