/** A change somebody asked for: carries the key of the intent, and lets go of it once the outcome is known. */
import { ask, Problem, type Question } from "../api.ts";
import { intentKey, intentSettled } from "../intent.ts";

export async function askIntended<T>(operation: string, question: Omit<Question<T>, "key" | "method">): Promise<T> {
  const key = intentKey(operation, question.body ?? null);
  try {
    const answer = await ask<T>({ ...question, method: "POST", key });
    intentSettled(operation);
    return answer;
  } catch (error) {
    if (error instanceof Problem && error.definite) intentSettled(operation);
    throw error;
  }
}
