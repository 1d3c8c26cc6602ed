/** Problems of showing an identity before joining (routes/verification.ts): a part of the list in problem.ts. */
export const showingProblems = {
  "verification-required": {
    status: 403,
    ko: "선예매 코드 또는 인증이 필요한 공연입니다.",
    en: "This sale asks for a pre-sale code or a verification before joining.",
  },
  "presale-code-invalid": {
    status: 422,
    ko: "사용할 수 없는 선예매 코드입니다. 코드를 다시 확인해 주세요.",
    en: "This pre-sale code is not valid here; please check it.",
  },
  "identity-taken": {
    status: 409,
    ko: "이미 다른 계정에서 사용한 코드 또는 인증입니다.",
    en: "This code or verification has been used for another account.",
  },
  "verification-failed": {
    status: 403,
    ko: "인증을 확인하지 못했습니다. 처음부터 다시 시도해 주세요.",
    en: "The verification could not be confirmed; please start it again.",
  },
  "verifier-not-set": {
    status: 409,
    ko: "아직 인증을 시작할 수 없습니다. 주최자가 준비하고 있습니다.",
    en: "The verification is not set up yet; the organiser has to do it.",
  },
  "code-batch-not-found": { status: 404, ko: "그런 코드 묶음이 없습니다.", en: "There is no such batch of codes." },
} as const;
