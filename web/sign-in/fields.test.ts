import { expect, it } from "vitest";
import { complaints } from "./fields.ts";

it("names every field that is not right, at once", () => {
  expect(complaints({ email: "", password: "short", nickname: " " }, true)).toEqual({
    email: "emailEmpty",
    password: "passwordShort",
    nickname: "nicknameEmpty",
  });
  expect(complaints({ email: "a@b", password: "", nickname: "" }, false)).toEqual({
    email: "emailWrong",
    password: "passwordEmpty",
  });
  expect(complaints({ email: "a@b.kr", password: "x", nickname: "" }, false)).toEqual({});
});
