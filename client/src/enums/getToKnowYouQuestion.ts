// Generated from server/enums/get_to_know_you_question.py: do not edit, `make generate` writes it anew.

/** The five questions of the phase `get_to_know_you`, in asking order. */
export const GetToKnowYouQuestion = {
  BACKGROUND_UPBRINGING: "background_upbringing",
  FAMILY_STRUCTURE: "family_structure",
  WORK_LIVING: "work_living",
  HOBBIES_INTERESTS: "hobbies_interests",
  WHY_HERE_HOPES: "why_here_hopes",
} as const;

export type GetToKnowYouQuestion = (typeof GetToKnowYouQuestion)[keyof typeof GetToKnowYouQuestion];

/** What a person reads, in canonical order. */
export const GET_TO_KNOW_YOU_QUESTION_LABELS: Readonly<Record<GetToKnowYouQuestion, string>> = {
  background_upbringing: "Background Upbringing",
  family_structure: "Family Structure",
  work_living: "Work Living",
  hobbies_interests: "Hobbies Interests",
  why_here_hopes: "Why Here Hopes",
};
