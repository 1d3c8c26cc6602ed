import { expect, it } from "vitest";
import { withReference } from "./reference.ts";

const requestId = "8f3c0d1e2b4a5967-ICN";

it.each([
  [500, requestId, `문제가 생겼습니다. (문의 번호 ${requestId})`],
  [504, requestId, `문제가 생겼습니다. (문의 번호 ${requestId})`],
  [409, requestId, "문제가 생겼습니다."],
  [500, null, "문제가 생겼습니다."],
])("a failure of ours names its request, and a refusal does not (%s, %s)", (status, id, said) => {
  expect(withReference("문제가 생겼습니다.", "문의 번호", { status, requestId: id })).toBe(said);
});
