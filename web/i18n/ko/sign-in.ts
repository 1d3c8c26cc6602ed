/** Korean texts of signing in and up. */
import { messages } from "../language.ts";

const korean = {
  loginTitle: "로그인",
  signupTitle: "회원가입",
  email: "이메일",
  password: "비밀번호",
  passwordHint: "8자 이상",
  nickname: "닉네임",
  nicknameHint: "화면에 표시되는 이름입니다.",
  login: "로그인",
  signup: "가입하고 시작하기",
  working: "확인하는 중…",
  noAccount: "아직 회원이 아니신가요?",
  haveAccount: "이미 회원이신가요?",
  toSignup: "회원가입",
  toLogin: "로그인",
  show: "비밀번호 보기",
  forgot: "비밀번호를 잊으셨나요?",
  emailEmpty: "이메일을 입력해 주세요.",
  emailWrong: "이메일 형식을 확인해 주세요.",
  passwordEmpty: "비밀번호를 입력해 주세요.",
  passwordShort: "비밀번호는 8자 이상이어야 합니다.",
  nicknameEmpty: "닉네임을 입력해 주세요.",
  checkFields: "입력값을 확인해 주세요.",
  challengeFirst: "먼저 아래의 사람 확인을 마쳐 주세요.",
  nextHint: "로그인하면 보던 화면으로 돌아갑니다.",
};

export type Key = keyof typeof korean;

export const signInText = messages("signIn", korean, () => import("../en/sign-in.ts"));
