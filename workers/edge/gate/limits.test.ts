import { expect, test } from "vitest";
import { networkOf } from "./limits.ts";

test.each([
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["2001:db8:1:2::", "2001:db8:1:2"],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
