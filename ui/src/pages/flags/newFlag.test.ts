import { expect, test } from "vitest";
import { newFlag, newFlagBody, withName, withType, withVariations } from "./newFlag";

test("the name suggests the key until a key is typed", () => {
  expect(withName(newFlag(), "New checkout").key).toBe("new-checkout");
  expect(withName({ ...newFlag(), key: "mine", keyTyped: true }, "New checkout").key).toBe("mine");
});

test("a boolean flag needs no more than a name", () => {
  expect(newFlagBody(withName(newFlag(), "New checkout"))).toEqual({
    body: {
      type: "boolean",
      purpose: "release",
      name: "New checkout",
      description: "",
      clientSide: false,
      tags: [],
      variations: [
        { key: "on", value: true },
        { key: "off", value: false },
      ],
      fallthroughVariation: "on",
      offVariation: "off",
    },
    errors: [],
  });
});

test("what is served follows a variation that was renamed", () => {
  const flag = withType(withName(newFlag(), "Theme"), "string");
  const variations = [
    { ...flag.variations[0]!, key: "dark", value: "dark" },
    { ...flag.variations[1]!, key: "light" },
  ];
  expect(newFlagBody(withVariations(flag, variations)).body).toMatchObject({
    fallthroughVariation: "dark",
    offVariation: "light",
  });
});

test("a variation more changes nothing that is served, and one less only what it served itself", () => {
  const flag = withType(withName(newFlag(), "Theme"), "string");
  const [dark, light, blue] = ["dark", "light", "blue"].map((key) => ({ ...flag.variations[0]!, key, value: key }));
  const two = withVariations(flag, [dark!, light!]);
  const three = withVariations(two, [dark!, light!, blue!]);
  expect(newFlagBody(three).body).toMatchObject({ fallthroughVariation: "dark", offVariation: "light" });
  expect(newFlagBody(withVariations(three, [light!, blue!])).body).toMatchObject({
    fallthroughVariation: "light",
    offVariation: "light",
  });
  expect(newFlagBody(withVariations(three, [dark!, blue!])).body).toMatchObject({
    fallthroughVariation: "dark",
    offVariation: "blue",
  });
});

test("a key and values that do not fit are told before anything is sent", () => {
  const flag = { ...withType(newFlag(), "object"), key: "not a key" };
  const variations = flag.variations.map((draft) => ({ ...draft, value: "{" }));
  expect(newFlagBody({ ...flag, variations }).errors.map(({ pointer }) => pointer)).toEqual([
    "/variations/0/value",
    "/variations/1/value",
    "/key",
  ]);
});
