/** Korean texts of showing a pre-sale code, or being verified elsewhere, before joining. */
import { messages } from "../language.ts";

const korean = {
  title: "선예매 확인",
  codesText: "이 공연은 선예매 코드가 있어야 줄을 설 수 있습니다. 받은 코드를 입력해 주세요.",
  once: "코드 하나로 한 사람만 줄을 설 수 있습니다. 한 번 확인한 코드는 다른 계정에서 쓸 수 없습니다.",
  code: "선예매 코드",
  codeHint: "예: ABCD-EFGH-JKMN-PQRS-TVWX",
  codeMissing: "코드를 입력해 주세요.",
  checkFields: "코드를 확인해 주세요.",
  show: "확인하고 줄 서기",
  showing: "확인하는 중…",
  verifierText:
    "이 공연은 주최자가 정한 곳에서 본인 확인을 한 뒤에 줄을 설 수 있습니다. 확인이 끝나면 이곳으로 돌아옵니다.",
  verifierOnce: "한 사람은 한 계정으로만 줄을 설 수 있습니다.",
  go: "확인하러 가기",
  missing: "어떤 공연인지 알 수 없는 주소입니다.",
};

export type Key = keyof typeof korean;

export const presaleText = messages("presale", korean, () => import("../en/presale.ts"));
