import { expect, it } from "vitest";
import { literally } from "./literally.ts";

it("leaves no wildcard in a text that is searched for", () => {
  expect(literally("100%_\\sure")).toBe("100\\%\\_\\\\sure");
  expect(literally("햄릿")).toBe("햄릿");
});
