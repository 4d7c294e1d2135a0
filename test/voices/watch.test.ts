import { expect, it } from "vitest";
import { overWebSocket } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";
import { API_KEYS, ask, mix, TENANT_KEYS, type Tenant } from "../helpers/voices.ts";

describeDatabases("voiceChanged", (kind) => {
  const node = useTestNode(kind, { API_KEYS });
  const watch = (tenant: Tenant, id?: string) =>
    overWebSocket(
      node.url,
      `subscription { voiceChanged${id === undefined ? "" : `(id: "${id}")`} { id name } }`,
      { Authorization: `Bearer ${TENANT_KEYS[tenant]}` },
    );
  const rename = (id: string, name: string) =>
    ask(node.url, "red", `mutation { updateVoice(input: { id: "${id}", name: "${name}" }) { __typename } }`);

  it("begins with the present state, gives every change, and ends with the voice", async () => {
    const { id } = await mix(node.url, "red", { name: "First" });
    const names: string[] = [];
    for await (const { data } of watch("red", id)) {
      const { name } = data.voiceChanged;
      names.push(name);
      if (name === "First") await rename(id, "Second");
      if (name === "Second")
        await ask(node.url, "red", `mutation { deleteVoice(id: "${id}") { __typename } }`);
    }
    expect(names).toEqual(["First", "Second"]);
  });

  it("gives every voice of the tenant that is made or changed, and none of another's", async () => {
    const stream = watch("red");
    const first = stream.next();
    // The subscription is open once a voice made after it is seen: others are made until then.
    let open = false;
    const seen = first.then((result) => {
      open = true;
      return result.value.data.voiceChanged.name;
    });
    while (!open) {
      await mix(node.url, "blue", { name: "Foreign" });
      await mix(node.url, "red", { name: "Own" });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await seen).toBe("Own");
    const { id } = await mix(node.url, "red", { name: "Last" });
    await rename(id, "Renamed");
    for await (const { data } of stream) {
      expect(data.voiceChanged.name).not.toBe("Foreign");
      if (data.voiceChanged.name === "Renamed") break;
    }
  });

  it("is an error for a voice that the caller does not see", async () => {
    const { id } = await mix(node.url, "red");
    const { value } = await watch("blue", id).next();
    expect(value.errors[0].extensions.code).toBe("NOT_FOUND");
  });
});
