/**
 * What is wrong with a field, in Korean. Schemas say it in English once, beside the rule; here each sentence has its
 * translation. Numbers and names in a sentence are carried over.
 */
const sentences: readonly (readonly [english: RegExp, korean: string])[] = [
  [/^must have (\d+) to (\d+) characters$/, "$1자 이상 $2자 이하로 입력해 주세요."],
  [/^must have at most (\d+) characters$/, "$1자 이하로 입력해 주세요."],
  [/^must not contain control characters$/, "사용할 수 없는 문자가 들어 있습니다."],
  [/^must be an e-mail address$/, "이메일 주소를 확인해 주세요."],
  [/^must be an IANA time zone such as (\S+)$/, "$1 같은 IANA 시간대여야 합니다."],
  [/^is not a field of this request$/, "이 요청에 없는 항목입니다."],
  [/^is not what was in the link$/, "링크의 내용과 다릅니다."],
  [/^there is no such hall$/, "그런 공연장이 없습니다."],
  [/^is missing: the performance has no hall yet$/, "공연장이 아직 정해지지 않았습니다."],
  [/^name one of your organisations$/, "단체를 골라 주세요."],
  [/^there is no such organisation$/, "그런 단체가 없습니다."],
  [/^there is no member with this address$/, "이 주소로 가입한 회원이 없습니다."],
  [/^is your own: another admin has to do it$/, "본인의 권한은 다른 관리자가 바꿔야 합니다."],
  [/^cannot change after publication$/, "공개한 뒤에는 바꿀 수 없습니다."],
  [/^must be a public https address$/, "공개된 https 주소여야 합니다."],
  [/^nothing to change$/, "바꿀 내용이 없습니다."],
  // Those of the validator itself.
  [/^Invalid input: expected \w+, received undefined$/, "입력해 주세요."],
  [/^Invalid input: expected \w+, received .+$/, "형식이 올바르지 않습니다."],
  [/^Invalid option: expected one of (.+)$/, "$1 중에서 골라 주세요."],
  [/^Too big: expected string to have <=(\d+) characters$/, "$1자 이하로 입력해 주세요."],
  [/^Too small: expected string to have >=(\d+) characters$/, "$1자 이상 입력해 주세요."],
  [/^Too big: expected \w+ to be <=(\S+)$/, "$1 이하여야 합니다."],
  [/^Too small: expected \w+ to be >=?(\S+)$/, "$1 이상이어야 합니다."],
  [/^Invalid .+$/, "형식이 올바르지 않습니다."],
];

/** Null where there is no translation: then the English sentence is better than none. */
export function koreanOf(message: string): string | null {
  for (const [english, korean] of sentences) if (english.test(message)) return message.replace(english, korean);
  return null;
}

export function inLanguage(message: string, language: "ko" | "en"): string {
  return language === "en" ? message : (koreanOf(message) ?? message);
}
