/** The demo's accounts. Their password is known to everybody, which is why demo data never reach a deployment. */
export const demoPassword = "ticketping-demo";

export const demoOrganiser = { email: "organiser@ticketping.test", nickname: "기획사" } as const;

export const demoAdmin = { email: "admin@ticketping.test", nickname: "관리자" } as const;

export const demoFans = [
  { email: "fan1@ticketping.test", nickname: "하나" },
  { email: "fan2@ticketping.test", nickname: "두리" },
  { email: "fan3@ticketping.test", nickname: "세나" },
] as const;
